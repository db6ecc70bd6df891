internal import Foundation

/// AWS's own client, botocore: says what a server holds, and signs, with nothing of this package's code.
package enum AWSClient {
    /// Calls an operation of a service's API.
    /// - Parameters:
    ///   - arguments: JSON; `{"base64": "…"}` stands for bytes.
    /// - Returns: the answer in JSON, bytes in base64; `{"error": "AccessDenied"}` for a refusal.
    package static func call(
        _ service: String, _ operation: String, _ arguments: String, endpoint: String, environment: [String: String]
    ) throws -> String {
        try run(callScript, [service, endpoint, operation, arguments], environment)
    }

    /// What `Authorization` a request must have, by its own `x-amz-date`.
    /// - Parameter headers: those that are signed, without `x-amz-date`.
    package static func authorization(
        _ service: String, _ url: String, headers: [String: String], date: String, body: [UInt8],
        environment: [String: String]
    ) throws -> String {
        let fields = String(decoding: try JSONEncoder().encode(headers), as: UTF8.self)
        return try run(
            signScript, [service, url, fields, date, Data(body).base64EncodedString()], environment)
    }

    private static func run(_ script: String, _ arguments: [String], _ environment: [String: String]) throws -> String {
        let outcome = try TestProcess.run(
            try TestTools.path("python3"), ["-c", script] + arguments,
            environment: environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 })
        guard outcome.status == 0 else { throw TestFailure("botocore: \(outcome.errors.suffix(2000))") }
        return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static let callScript = """
        import base64, json, sys
        import botocore.session, botocore.exceptions
        from botocore.config import Config
        service, endpoint, operation, arguments = sys.argv[1:]
        def decoded(value): return base64.b64decode(value["base64"]) if set(value) == {"base64"} else value
        def text(value): return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
        config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1})
        client = botocore.session.get_session().create_client(
            service, region_name="us-east-1", endpoint_url=endpoint, config=config)
        try:
            answer = getattr(client, operation)(**json.loads(arguments, object_hook=decoded))
            answer.pop("ResponseMetadata", None)
            print(json.dumps(answer, default=text))
        except botocore.exceptions.ClientError as error:
            print(json.dumps({"error": error.response["Error"]["Code"]}))
        """

    private static let signScript = """
        import base64, datetime, json, os, sys
        import botocore.auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        service, url, headers, date, body = sys.argv[1:]
        keys = Credentials(
            os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN"))
        signer = botocore.auth.SigV4Auth(keys, service, os.environ["AWS_REGION"])
        request = AWSRequest("POST", url, headers=json.loads(headers), data=base64.b64decode(body))
        request.context["timestamp"] = date
        if keys.token: request.headers["X-Amz-Security-Token"] = keys.token
        request.headers["X-Amz-Date"] = date
        canonical = signer.canonical_request(request)
        signature = signer.signature(signer.string_to_sign(request, canonical), request)
        names = signer.signed_headers(signer.headers_to_sign(request))
        print(f"AWS4-HMAC-SHA256 Credential={signer.scope(request)},SignedHeaders={names},Signature={signature}")
        """
}
