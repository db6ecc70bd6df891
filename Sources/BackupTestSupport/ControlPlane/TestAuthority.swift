internal import Foundation

/// A private certificate authority, and servers' certificates from it: right ones, and one for each way to be wrong.
///
/// Made once per process, by openssl.
package final class TestAuthority: Sendable {
    package enum Certificate: String, Sendable, CaseIterable {
        /// For `localhost` and `backups.test`.
        case right
        /// The same, until 2021.
        case expired
        /// The same, from 2090 on.
        case early
        /// For `other.example`.
        case wrongName
        /// For the address 127.0.0.1 and no name.
        case address
        /// For `localhost`, from another authority.
        case otherAuthority
    }

    /// For all tests of the process.
    package static let shared = Result { try TestAuthority() }

    private let folder: TemporaryFolder

    /// PEM, of the authority that made every certificate but ``Certificate/otherAuthority``.
    package var file: String { folder("ca.pem") }
    package func certificate(_ name: Certificate) -> String { folder("\(name.rawValue).pem") }
    package func key(_ name: Certificate) -> String { folder("\(name.rawValue).key") }

    private init() throws {
        folder = try TemporaryFolder()
        let script = """
            key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            for ca in ca other; do openssl req -x509 $key -days 2 -subj /CN=$ca -keyout $ca.key -out $ca.pem; done
            printf '%s\\n' '[ca]' default_ca=x '[x]' database=index.txt new_certs_dir=. default_md=sha256 policy=p \\
                unique_subject=no rand_serial=yes '[p]' commonName=supplied > ca.cnf
            : > index.txt
            make() {
                openssl req $key -subj /CN=$1 -keyout $1.key -out $1.csr
                printf "subjectAltName=$3" > $1.ext
                openssl ca -batch -notext -config ca.cnf -cert $2.pem -keyfile $2.key -in $1.csr -out $1.pem -extfile $1.ext \\
                    -startdate $4 -enddate $5
            }
            names=DNS:localhost,DNS:backups.test
            make right ca $names 20200101000000Z 20900101000000Z
            make expired ca $names 20200101000000Z 20210101000000Z
            make early ca $names 20900101000000Z 20910101000000Z
            make wrongName ca DNS:other.example 20200101000000Z 20900101000000Z
            make address ca IP:127.0.0.1 20200101000000Z 20900101000000Z
            make otherAuthority other $names 20200101000000Z 20900101000000Z
            """
        let outcome = try TestProcess.run("/bin/sh", ["-euc", script], in: folder.path)
        guard outcome.status == 0 else { throw TestFailure("openssl: \(outcome.errors)") }
    }

    /// As a person makes it: `sha256/` and the base64 of the hash of the public key.
    package func pin(_ name: Certificate) throws -> String {
        let script = """
            openssl x509 -in \(certificate(name)) -pubkey -noout | openssl pkey -pubin -outform der \
                | openssl dgst -sha256 -binary | openssl base64
            """
        let outcome = try TestProcess.run("/bin/sh", ["-euc", script])
        return "sha256/" + outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
