using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>A gateway reaches a PostgreSQL server that takes encrypted connections with a client certificate alone.</summary>
internal sealed class PostgresTlsTests
{
    private const string Key = "a-key-that-the-operator-has-chosen-12345";
    private const string Account = "tests";
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Gateway_WithAClientCertificate_ServesOverTlsAndWithoutOneDoesNotStart()
    {
        using var folder = new TempFolder();
        using var authority = new Signer("CN=authority");
        folder.Write("ca.pem", authority.Certificate.ExportCertificatePem());
        var client = authority.Issue($"CN={Account}");
        var (certificate, key) = (folder.Write("client.pem", client.Certificate), folder.Write("client.key", client.Key));
        using var server = PostgresServer.TryStart(tls: new ServerTls(authority.Certificate.ExportCertificatePem(), authority.Issue("CN=127.0.0.1")));
        if (server is null) throw new IgnoreException("PostgreSQL is not installed on this machine.");
        var encrypted = $"{server.ConnectionString("encrypted")};SSL Mode=VerifyFull;Root Certificate={folder.File("ca.pem")}";

        (string, string)[] settings = [("ASPNETCORE_ENVIRONMENT", "Development"), ("AI_GATEWAY_BOOTSTRAP_KEY", Key), ("Database__Provider", "Postgres")];
        await using (var gateway = await GatewayProcess.ServeAsync(
            folder.Path, [.. settings, ("ConnectionStrings__Gateway", $"{encrypted};SSL Certificate={certificate};SSL Key={key}")]))
            (await gateway.Caller(Key).GenerateAsync()).Expect(200);
        var refused = await GatewayProcess.RunAsync(folder.Path, ["check"], [.. settings, ("ConnectionStrings__Gateway", encrypted)]);
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.Output);
        Assert.That(refused.Output, Does.Contain("certificate"));
    }

    /// <summary>Issues certificates for this test.</summary>
    private sealed class Signer : IDisposable
    {
        private readonly RSA _key = RSA.Create(2048);

        public Signer(string name)
        {
            var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            Certificate = request.CreateSelfSigned(From, To);
        }

        public X509Certificate2 Certificate { get; }

        public (string Certificate, string Key) Issue(string name)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var issued = request.Create(Certificate, From, To, RandomNumberGenerator.GetBytes(8));
            return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }
}
