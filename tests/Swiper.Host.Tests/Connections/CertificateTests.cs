using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;
using Swiper.Host.Connections;

namespace Swiper.Host.Tests.Connections;

/// <summary>What becomes of the certificate while the host runs.</summary>
public sealed class CertificateTests : IDisposable
{
    private const int Unusable = 2006;

    private readonly TemporaryFolder _folder = new();
    private readonly Certificates _authority = new();
    private readonly RecordedLog<ServerCertificate> _log = new();

    private string Certificate => _folder.File("fullchain.pem");

    private string Key => _folder.File("key.pem");

    private string Next => _folder.File("next.pem");

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
        var told = 0;
        foreach (var broken in new[] { "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key })
        {
            await File.WriteAllTextAsync(Next, broken, TestContext.Current.CancellationToken);
            await AssertRefusedAsync();
        }

        // With the old key at first.
        _authority.WriteLeaf("CN=second", Next, _folder.File("new-key.pem"));
        await AssertRefusedAsync();
        File.Move(_folder.File("new-key.pem"), Key, overwrite: true);
        await Eventually.HoldsAsync(async () => await SubjectAsync(host) == "CN=second", "the new certificate");
        Assert.Equal(told, _log.Of(Unusable).Count);

        // The file takes its place at once, so the host never reads a part of it.
        async Task AssertRefusedAsync()
        {
            File.Move(Next, Certificate, overwrite: true);
            told++;
            await Eventually.HoldsAsync(() => _log.Of(Unusable).Count >= told, "the file is told of");
            for (var connection = 0; connection < 20; connection++)
                Assert.Equal("CN=first", await SubjectAsync(host));
            Assert.Equal(told, _log.Of(Unusable).Count);
            Assert.Contains(Certificate, _log.Of(Unusable)[^1], StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        services => services.AddSingleton<ILogger<ServerCertificate>>(_log),
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
