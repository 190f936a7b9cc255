using System.Net;
using Microsoft.AspNetCore.Connections;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// The first step of each port's pipeline, before TLS has cost anything: whether there is a place for a connection, and whose it is. What
/// comes from the balancers' networks must begin with a <see cref="ProxyHeader"/>, and from then on has the address of its client; what
/// comes from elsewhere must not, since anybody could claim any address (docs/decisions/0031-behind-a-balancer.md).
/// </summary>
internal sealed class PortGuard(
    Admission admission, TlsHandshakes handshakes, SwiperOptions options, IHostApplicationLifetime lifetime, ILogger<PortGuard> logger)
{
    private const string Stranger = "proxy_stranger";
    private const string BadHeader = "proxy_header";

    private readonly LogPace _strangers = new();
    private readonly LogPace _headers = new();

    public ProxyNetworks Balancers { get; } = new(options.Listen.ProxyNetworks);

    /// <param name="patience">How long the first bytes may take.</param>
    /// <param name="isTls">Whether TLS follows.</param>
    public Func<ConnectionDelegate, ConnectionDelegate> Within(TimeSpan patience, bool isTls) => next => async connection =>
    {
        var remote = connection.RemoteEndPoint;
        var isBalancer = Balancers.Contain(remote);
        // A balancer's own address has no share: everybody behind it comes from there.
        var counted = isBalancer ? null : remote;
        if (!admission.TryEnter(remote, counted))
        {
            await CloseAsync(connection);
            return;
        }
        try
        {
            var beginning = await ReadAsync(connection, isBalancer, isTls, patience);
            if (!beginning.IsGood || (beginning.Client is not null && !admission.TryTakeShare(beginning.Client)))
            {
                await CloseAsync(connection);
                return;
            }
            if (beginning.Client is { } client)
            {
                connection.RemoteEndPoint = counted = client;
                ProxyLog.Passed(logger, connection.ConnectionId, client, remote!);
            }
            admission.CountAccepted(isTls);
            await next(connection);
        }
        finally
        {
            admission.Leave(counted);
        }
    };

    private static async ValueTask CloseAsync(ConnectionContext connection)
    {
        await connection.Transport.Input.CompleteAsync();
        await connection.Transport.Output.CompleteAsync();
    }

    private async ValueTask<Beginning> ReadAsync(ConnectionContext connection, bool isBalancer, bool isTls, TimeSpan patience)
    {
        var input = connection.Transport.Input;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        waiting.CancelAfter(patience);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(waiting.Token);
                var received = read.Buffer;
                var status = ProxyHeader.Read(received, out var header);
                if (status == ProxyHeaderStatus.Incomplete && !read.IsCompleted)
                {
                    input.AdvanceTo(received.Start, received.End);
                    continue;
                }
                // Before the pipe may use its memory anew.
                var isEmpty = received.IsEmpty;
                input.AdvanceTo(received.GetPosition(isBalancer ? header.Length : 0));
                return isBalancer ? OfBalancer(connection, status, header, isEmpty) : OfAnother(connection, status);
            }
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            // A host that stops tells clients so, as it does those who have sent something.
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return new Beginning(IsGood: !isBalancer);
            if (isBalancer)
                return RefuseHeader(connection, "no whole PROXY header in time");
            if (isTls)
                handshakes.CountTimeout();
            ConnectionLog.CutOff(logger, connection.ConnectionId, "before a first byte");
            return default;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It has gone.
            return default;
        }
    }

    private Beginning OfBalancer(ConnectionContext connection, ProxyHeaderStatus status, ProxyHeader header, bool isEmpty) => status switch
    {
        ProxyHeaderStatus.Complete => new Beginning(IsGood: true, header.Client),
        ProxyHeaderStatus.None => RefuseHeader(connection, "no PROXY header"),
        // A balancer that looks whether the port is open.
        ProxyHeaderStatus.Incomplete when isEmpty => default,
        _ => RefuseHeader(connection, "an invalid PROXY header"),
    };

    private Beginning OfAnother(ConnectionContext connection, ProxyHeaderStatus status)
    {
        if (status is ProxyHeaderStatus.None or ProxyHeaderStatus.Incomplete)
            return new Beginning(IsGood: true);
        admission.CountRefused(Stranger);
        if (_strangers.TryTake(out var count))
            ProxyLog.HeaderOfStranger(logger, count, ClientAddress.Of(connection.RemoteEndPoint));
        return default;
    }

    private Beginning RefuseHeader(ConnectionContext connection, string what)
    {
        admission.CountRefused(BadHeader);
        if (_headers.TryTake(out var count))
            ProxyLog.NoHeader(logger, count, ClientAddress.Of(connection.RemoteEndPoint), what);
        return default;
    }

    /// <param name="IsGood">The connection may go on.</param>
    /// <param name="Client">Whom the header names.</param>
    private readonly record struct Beginning(bool IsGood, IPEndPoint? Client = null);
}
