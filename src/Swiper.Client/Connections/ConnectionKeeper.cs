using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>
/// Keeps the client connected: makes a link, signs in on it, opens it for requests, and starts over whenever it is lost. There is one
/// link at a time; the link to a stopping server is read until its last reply.
/// </summary>
internal sealed class ConnectionKeeper(
    SwiperClientOptions options, RequestQueue requests, PushFeed pushes, SignIn signIn, ILogger logger,
    Action<ConnectionStateChange> onChange)
    : ILinkListener, IAsyncDisposable
{
    private readonly Connector _connector = new(options, requests, pushes, signIn, logger);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>The server's `hello` reply on the current link.</summary>
    public HelloReply Server => _connector.Server;

    public ConnectionState State { get; private set; } = ConnectionState.Connecting;

    /// <summary>Makes the first link or fails in time; later links are made in the background.</summary>
    /// <exception cref="SwiperConnectionException">No link can be made.</exception>
    /// <exception cref="SwiperException">The server rejects this client.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var backoff = NewBackoff();
        var giveUpAt = Environment.TickCount64 + options.KeepConnectingFor.TotalMilliseconds;
        while (true)
        {
            try
            {
                _running = KeepAsync(await _connector.ConnectAsync(this, cancellationToken).ConfigureAwait(false));
                return;
            }
            catch (Exception exception) when (exception is SwiperConnectionException
                || (exception is SwiperException refusal && Connector.IsPassing(refusal.Code)))
            {
                var wait = WaitAfter(exception, backoff);
                if (Environment.TickCount64 + wait.TotalMilliseconds > giveUpAt)
                    throw;
                await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes the first link in the background, like those after a loss.</summary>
    public void Start() => _running = Task.Run(() => KeepAsync(null));

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
            await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    void ILinkListener.OnReply(Link link, uint id, StatusCode code, ReadOnlySpan<byte> data)
    {
        if (id == 0)
            throw new SwiperProtocolException($"the server rejected this client: {ReplyFailure.Read(code, data).Message}");
        // The request was cancelled or has timed out.
        if (requests.TakeAnswered(id) is not { } request)
            return;
        if (code == StatusCode.Ok)
            signIn.OnSuccess(request, data);
        request.Complete(code, data);
        CloseIfDrained(link);
    }

    void ILinkListener.OnPush(Link link, Opcode opcode, long seq, ReadOnlySpan<byte> data)
    {
        if (opcode == Opcode.Drained)
        {
            link.IsDrained = true;
            link.Close(new SwiperConnectionException("the server has stopped"));
            return;
        }
        var push = SwiperPush.Read(opcode, seq, data);
        if (push is SwiperPush.SignedOut signedOut)
        {
            ClientLog.SignedOut(logger, signIn.Current?.Uid, signedOut.Reason);
            signIn.Forget();
        }
        if (push is SwiperPush.Draining draining)
        {
            link.ReconnectAfter = draining.ReconnectAfter;
            requests.Pause(link.Sender);
            CloseIfDrained(link);
            _ = link.CloseAfterAsync(options.RequestTimeout, new SwiperConnectionException("the server is stopping"));
        }
        // Last: requests that the app makes in response must not go out on a link that is about to close.
        pushes.Accept(push);
    }

    void ILinkListener.OnEnded(Link link, Exception reason)
    {
        pushes.AwaitResume();
        var reconnects = options.Reconnect && !_stopping.IsCancellationRequested;
        var lost = requests.TakeLost(link.Sender, repeats: request => reconnects && !request.OfHandshake
            && (link.IsDrained || (options.RetrySafeRequests && request.MayRepeat)));
        foreach (var request in lost)
        {
            request.Fail(_stopping.IsCancellationRequested
                ? new ObjectDisposedException(nameof(SwiperClient), "the client was disposed while the request was in flight")
                : new SwiperConnectionLostException(
                    $"the connection was lost before {request.Opcode} was answered ({reason.Message}); the server may have "
                    + "processed it", reason));
        }
    }

    private void CloseIfDrained(Link link)
    {
        if (link.ReconnectAfter is not null && !requests.HasInFlight)
            link.Close(new SwiperConnectionException("the server is stopping"));
    }

    // Null if the first link must be made here.
    private async Task KeepAsync(Link? link)
    {
        var backoff = NewBackoff();
        Exception? reason = null;
        link ??= await ReopenAsync(TimeSpan.Zero, backoff).ConfigureAwait(false);
        while (link is not null && !_stopping.IsCancellationRequested)
        {
            ClientLog.Connected(logger, link.Endpoint, Server.Server, Server.Node);
            // Before anything is sent: whoever has a reply is connected.
            State = ConnectionState.Connected;
            requests.Open(link.Sender, Math.Min(options.MaxInFlight, Server.MaxInFlight), Server.MaxFrame);
            Change(ConnectionState.Connected, null);

            reason = await WatchAsync(link).ConfigureAwait(false);
            if (_stopping.IsCancellationRequested || !options.Reconnect)
                break;
            ClientLog.Lost(logger, link.Endpoint, reason.Message);
            Change(ConnectionState.Reconnecting, reason);

            // Don't storm a server that accepts connections only to drop them.
            if (Environment.TickCount64 - link.MadeAt > options.MaxReconnectDelay.TotalMilliseconds)
                backoff.Reset();
            var wait = link.ReconnectAfter is { } wished ? wished * (1 + Random.Shared.NextDouble()) : backoff.Next();
            link = await ReopenAsync(wait, backoff).ConfigureAwait(false);
        }

        if (link is not null)
        {
            link.Close(new ObjectDisposedException(nameof(SwiperClient), "the client was disposed"));
            await link.Ended.ConfigureAwait(false);
        }
        if (_stopping.IsCancellationRequested)
            reason = null;
        else
            ClientLog.LostForGood(logger, reason?.Message);
        requests.Close(reason);
        pushes.Complete(reason);
        Change(ConnectionState.Closed, reason);
    }

    // Until it succeeds; null if the client is disposed first.
    private async Task<Link?> ReopenAsync(TimeSpan wait, Backoff backoff)
    {
        while (true)
        {
            try
            {
                await Task.Delay(wait, _stopping.Token).ConfigureAwait(false);
                return await _connector.ConnectAsync(this, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception exception)
            {
                wait = WaitAfter(exception, backoff);
                Change(State == ConnectionState.Connecting ? ConnectionState.Connecting : ConnectionState.Reconnecting, exception);
            }
        }
    }

    private Backoff NewBackoff() => new(options.ReconnectDelay, options.MaxReconnectDelay);

    // Respects the delay that a server asks for.
    private static TimeSpan WaitAfter(Exception failure, Backoff backoff)
    {
        var wait = backoff.Next();
        return failure is SwiperException { RetryAfter: { } asked } && asked > wait ? asked : wait;
    }

    // Pings a quiet link, and closes it if the ping is not answered.
    private async Task<Exception> WatchAsync(Link link)
    {
        using var stop = _stopping.Token.UnsafeRegister(
            static link => ((Link)link!).Close(new ObjectDisposedException(nameof(SwiperClient), "the client was disposed")), link);
        while (true)
        {
            var quietFor = TimeSpan.FromMilliseconds(Environment.TickCount64 - link.LastReceived);
            if (quietFor < options.PingInterval)
            {
                await link.WaitAsync(options.PingInterval - quietFor).ConfigureAwait(false);
                if (link.Ended.IsCompleted)
                    return await link.Ended.ConfigureAwait(false);
                continue;
            }
            try
            {
                await _connector.SendFirst<NoArgs, PingReply>(
                    Opcode.Ping, default, options.RequestTimeout, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException exception)
            {
                link.Close(new SwiperConnectionException(
                    $"the server was silent for {options.PingInterval.TotalSeconds:0.###} s and did not answer a ping", exception));
                return await link.Ended.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SwiperConnectionException or ObjectDisposedException)
            {
                // It has already ended, unless the reply to the ping is unreadable.
                link.Close(exception);
                return await link.Ended.ConfigureAwait(false);
            }
        }
    }

    private void Change(ConnectionState state, Exception? reason)
    {
        State = state;
        try
        {
            onChange(new ConnectionStateChange(state, signIn.Current?.Uid, reason));
        }
        catch (Exception exception)
        {
            // A fault of the app: it must be visible, but must not end the connection.
            ThreadPool.QueueUserWorkItem(static thrown => thrown.Throw(), ExceptionDispatchInfo.Capture(exception), preferLocal: false);
        }
    }
}
