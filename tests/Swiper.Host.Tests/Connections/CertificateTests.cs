using System.Net.Security;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Connections;

/// <summary>What becomes of the certificate while the host runs.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Certificates _authority = new();

    private string Certificate => _folder.File("fullchain.pem");

    private string Key => _folder.File("key.pem");

    [Fact]
    public async Task A_certificate_that_changes_is_that_of_new_connections_and_the_others_stay()
    {
        _authority.WriteLeaf("CN=first", Certificate, Key);
        await using var host = await StartAsync();
        var (early, subject) = await ConnectAsync(host);
        await using var stays = early;
        Assert.Equal("CN=first", subject);

        _authority.WriteLeaf("CN=second", Certificate, Key);
        await Eventually.HoldsAsync(async () => await SubjectAsync(host) == "CN=second", "the new certificate");
        Assert.Equal(StatusCode.Ok, (await early.CallAsync(1, Opcode.Ping)).Status);
    }

    [Fact]
    public async Task One_that_can_not_be_used_changes_nothing_until_it_is_mended()
    {
        _authority.WriteLeaf("CN=first", Certificate, Key);
        await using var host = await StartAsync();
        var key = await File.ReadAllTextAsync(Key, TestContext.Current.CancellationToken);
        foreach (var broken in new[] { "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key })
        {
            await File.WriteAllTextAsync(Certificate, broken, TestContext.Current.CancellationToken);
            for (var connection = 0; connection < 20; connection++)
                Assert.Equal("CN=first", await SubjectAsync(host));
        }

        // With the old key at first.
        _authority.WriteLeaf("CN=second", Certificate, _folder.File("new-key.pem"));
        for (var connection = 0; connection < 20; connection++)
            Assert.Equal("CN=first", await SubjectAsync(host));
        File.Move(_folder.File("new-key.pem"), Key, overwrite: true);
        await Eventually.HoldsAsync(async () => await SubjectAsync(host) == "CN=second", "the new certificate");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        "Tls:Enabled=true", $"Tls:CertificatePath={Certificate}", $"Tls:KeyPath={Key}", "Tls:ReloadEvery=00:00:00.02");

    private static async Task<string> SubjectAsync(TestHost host)
    {
        var (client, subject) = await ConnectAsync(host);
        await client.DisposeAsync();
        return subject;
    }

    private static async Task<(TestClient Client, string Subject)> ConnectAsync(TestHost host)
    {
        var subject = "";
        var client = await TestClient.ConnectAsync(host.Tls, async stream =>
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        subject = certificate!.Subject;
                        return certificate.Issuer == "CN=Test intermediate";
                    },
                },
                TestContext.Current.CancellationToken);
            return tls;
        });
        return (client, subject);
    }
}
