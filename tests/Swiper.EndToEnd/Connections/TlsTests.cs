using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Connections;

public sealed class TlsTests
{
    [Fact]
    public async Task A_client_that_trusts_the_development_certificate_signs_in_matches_and_resumes_over_tls()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2);
        using var host = await TestHost.StartAsync(data);
        using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(data, "tls", "development.crt")));

        var clients = await host.SignInAsync(tokens, options => OverTls(options, host, certificate));
        await using var pushes = new PushInbox(clients[0]);
        await clients[0].SwipeAsync(clients[1].Uid!.Value, SwipeKind.Like);
        Assert.True((await clients[1].SwipeAsync(clients[0].Uid!.Value, SwipeKind.Like)).Matched);
        Assert.Equal(clients[1].Uid, (await pushes.NextAsync<SwiperPush.Matched>()).Uid);
        await clients.DisposeAllAsync();
    }

    [Fact]
    public async Task A_client_that_trusts_only_the_system_refuses_the_development_certificate()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);

        var refused = await Assert.ThrowsAsync<SwiperConnectionException>(
            () => host.ConnectAsync(options => options with { UseTls = true, Port = host.TlsEndPoint!.Port }));
        Assert.Contains("TLS", refused.Message, StringComparison.Ordinal);

        await using var other = await host.ConnectAsync();
        await other.PingAsync();
    }

    private static SwiperClientOptions OverTls(SwiperClientOptions options, ChildHost host, X509Certificate2 trusted) => options with
    {
        UseTls = true,
        Port = host.TlsEndPoint!.Port,
        ValidateCertificate = (_, presented, _, _) =>
            presented is not null
                && presented.GetCertHash(HashAlgorithmName.SHA256).SequenceEqual(trusted.GetCertHash(HashAlgorithmName.SHA256)),
    };
}
