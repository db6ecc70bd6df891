import BackupCore
import BackupTestSupport
import Foundation
import Testing

@testable import BackupStorage

/// Signatures for services besides S3, whose servers in tests don't check them.
@Suite struct SigV4SignerTests {
    /// AWS's published test suite, "aws-sig-v4-test-suite": its credentials, and the `Authorization` that each request must have.
    @Test(
        arguments: [
            ("GET", [:], "", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("POST", [:], "", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "GET", [:], "", [("Param2", "value2"), ("Param1", "value1")],
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
            (
                "POST", ["content-type": "application/x-www-form-urlencoded"], "Param1=value1", [],
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            ),
        ] as [(String, [String: String], String, [(name: String, value: String)], String)])
    func thePublishedVectors(
        _ method: String, _ headers: [String: String], _ body: String, _ query: [(name: String, value: String)],
        _ signature: String
    ) throws {
        let credentials = S3Credentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        let signer = SigV4Signer(credentials: credentials, region: "us-east-1", service: "service")
        let time = try #require(UTCTime(rfc3339: "2015-08-30T12:36:00Z")).date
        let request = SigV4Signer.Request(
            method: method, path: "/", query: query,
            headers: headers.merging(["host": "example.amazonaws.com"]) { $1 },
            payloadHash: SigV4Signer.hash(of: Array(body.utf8)))
        let authorization = try #require(signer.headers(for: request, at: time)["authorization"])
        #expect(
            authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"))
        #expect(authorization.hasSuffix("Signature=\(signature)"))
    }
}
