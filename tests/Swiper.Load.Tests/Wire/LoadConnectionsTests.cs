using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Swiper.Load.Wire;
using Swiper.Local.Hosts;

namespace Swiper.Load.Tests.Wire;

public sealed class LoadConnectionsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Where_one_can_not_be_opened_those_before_it_are_closed()
    {
        using var files = new TlsCertificate();
        using var certificate = X509Certificate2.CreateFromPemFile(files.Path, files.KeyPath);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var opening = Task.Run(() => LoadConnections.OpenOverTls((IPEndPoint)listener.LocalEndpoint, 2, "echo"u8.ToArray()));

        using var first = await AcceptAsync(listener);
        await using var session = new SslStream(first.GetStream());
        await session.AuthenticateAsServerAsync(certificate).WaitAsync(Patience, TestContext.Current.CancellationToken);
        var echo = new byte[4];
        await session.ReadExactlyAsync(echo, TestContext.Current.CancellationToken);
        await session.WriteAsync(echo, TestContext.Current.CancellationToken);
        (await AcceptAsync(listener)).Dispose();

        Assert.NotNull(await Record.ExceptionAsync(() => opening.WaitAsync(Patience, TestContext.Current.CancellationToken)));
        Assert.Equal(0, await session.ReadAsync(echo, TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    private static Task<TcpClient> AcceptAsync(TcpListener listener) =>
        listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
}
