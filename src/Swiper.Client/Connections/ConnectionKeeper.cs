using System.Runtime.ExceptionServices;
using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>
/// Keeps the client connected: makes a link, signs in on it, opens it for requests, and does so again whenever it is lost. There is
/// one link at a time; that of a server that stops is read until its last reply.
/// </summary>
internal sealed class ConnectionKeeper(
    SwiperClientOptions options, RequestQueue requests, PushFeed pushes, SignIn signIn, Action<ConnectionStateChange> onChange)
    : ILinkListener, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    // Boxed, so that it is replaced at once.
    private volatile object _server = default(HelloReply);

    /// <summary>What the server said of itself when the present link was made.</summary>
    public HelloReply Server => (HelloReply)_server;

    public ConnectionState State { get; private set; }

    /// <summary>Makes the first link; the rest goes on by itself.</summary>
    /// <exception cref="SwiperConnectionException">There is none to be made.</exception>
    /// <exception cref="SwiperException">The server refuses this client.</exception>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _running = KeepAsync(await OpenAsync(cancellationToken).ConfigureAwait(false));

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
            throw new SwiperProtocolException($"the server did not understand this client: {ReplyFailure.Read(code, data).Message}");
        // Cancelled or timed out in the meantime: nobody waits for it.
        if (requests.TakeAnswered(id) is not { } request)
            return;
        if (request.Opcode is Opcode.RequestCode or Opcode.Login or Opcode.Resume or Opcode.Logout)
            signIn.OnReply(request, code, data);
        request.Complete(code, data);
        CloseIfDrained(link);
    }

    void ILinkListener.OnPush(Link link, Opcode opcode, long seq, ReadOnlySpan<byte> data)
    {
        var push = SwiperPush.Read(opcode, seq, data);
        if (push is SwiperPush.SignedOut)
            signIn.Forget();
        if (push is SwiperPush.Draining draining)
        {
            link.ReconnectAfter = draining.ReconnectAfter;
            requests.Pause(link.Sender);
            CloseIfDrained(link);
            _ = link.CloseAfterAsync(options.RequestTimeout, new SwiperConnectionException("the server is stopping"));
        }
        // Last: what the app asks once it has heard of it must not go out on a link that is about to close.
        pushes.Accept(push);
    }

    void ILinkListener.OnEnded(Link link, Exception reason)
    {
        pushes.AwaitResume();
        foreach (var request in requests.TakeLost(link.Sender, options.RetrySafeRequests && options.Reconnect && !_stopping.IsCancellationRequested))
        {
            request.Fail(_stopping.IsCancellationRequested
                ? new ObjectDisposedException(nameof(SwiperClient), "the client was disposed while the request was in flight")
                : new SwiperConnectionLostException(
                    $"the connection was lost before {request.Opcode} was answered ({reason.Message}); whether the server did it is not known", reason));
        }
    }

    private void CloseIfDrained(Link link)
    {
        if (link.ReconnectAfter is not null && !requests.HasInFlight)
            link.Close(new SwiperConnectionException("the server is stopping"));
    }

    private async Task KeepAsync(Link link)
    {
        var backoff = new Backoff(options.ReconnectDelay, options.MaxReconnectDelay);
        Exception? reason = null;
        while (!_stopping.IsCancellationRequested)
        {
            requests.Open(link.Sender, Math.Min(options.MaxInFlight, Server.MaxInFlight), Server.MaxFrame);
            Change(ConnectionState.Connected, null);

            reason = await WatchAsync(link).ConfigureAwait(false);
            if (_stopping.IsCancellationRequested || !options.Reconnect)
                break;
            Change(ConnectionState.Reconnecting, reason);

            // A server that takes connections only to drop them is not to be stormed.
            if (Environment.TickCount64 - link.MadeAt > options.MaxReconnectDelay.TotalMilliseconds)
                backoff.Reset();
            var wait = link.ReconnectAfter is { } wished ? wished * (1 + Random.Shared.NextDouble()) : backoff.Next();
            if (await ReopenAsync(wait, backoff).ConfigureAwait(false) is not { } next)
                break;
            link = next;
        }

        link.Close(new ObjectDisposedException(nameof(SwiperClient), "the client was disposed"));
        await link.Ended.ConfigureAwait(false);
        if (_stopping.IsCancellationRequested)
            reason = null;
        requests.Close(reason);
        pushes.Complete(reason);
        Change(ConnectionState.Closed, reason);
    }

    // Until it succeeds; null where the client is disposed before.
    private async Task<Link?> ReopenAsync(TimeSpan wait, Backoff backoff)
    {
        while (true)
        {
            try
            {
                await Task.Delay(wait, _stopping.Token).ConfigureAwait(false);
                return await OpenAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception exception)
            {
                wait = backoff.Next();
                if (exception is SwiperException { RetryAfterMs: var ms } && ms > wait.TotalMilliseconds)
                    wait = TimeSpan.FromMilliseconds(ms);
                Change(ConnectionState.Reconnecting, exception);
            }
        }
    }

    private async Task<Link> OpenAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeout);
        Link? link = null;
        try
        {
            var stream = await Transport.OpenAsync(options, deadline.Token).ConfigureAwait(false);
            link = new Link(stream, this, requests, options.MaxFrame);
            requests.Bind(link.Sender);
            link.Start();
            await ShakeHandsAsync(deadline.Token).ConfigureAwait(false);
            return link;
        }
        catch (Exception exception)
        {
            // Where the link ended by itself, its own reason says more than the request that failed with it.
            var reason = exception;
            if (link is not null)
            {
                link.Close(exception);
                reason = await link.Ended.ConfigureAwait(false);
            }
            if (exception is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
                throw new SwiperConnectionException($"{options.Endpoint} did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s", exception);
            if (exception is SwiperConnectionLostException)
                throw new SwiperConnectionException($"no connection to {options.Endpoint}: {reason.Message}", reason);
            throw;
        }
    }

    // Hello and, after a loss, resume; both at once.
    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        var hello = SendFirst<HelloRequest, HelloReply>(
            Opcode.Hello, new HelloRequest(ServerIdentity.Protocol, options.ClientName), options.ConnectTimeout, cancellationToken);
        var identity = signIn.Current;
        var resume = identity is null ? null : SendFirst<ResumeRequest, ResumeReply>(
            Opcode.Resume, new ResumeRequest(identity.Token, pushes.ResumeAfter), options.ConnectTimeout, cancellationToken).AsTask();

        try
        {
            _server = (await hello.ConfigureAwait(false)).OrThrow();
        }
        finally
        {
            // It must not stay behind unobserved where the hello failed.
            if (resume is not null)
                await ((Task)resume).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (resume is null)
        {
            pushes.EndResume();
            return;
        }
        var resumed = await resume.ConfigureAwait(false);
        if (resumed.IsOk)
            return;
        if (resumed.Failure.Code is StatusCode.Unavailable or StatusCode.Throttled or StatusCode.InternalError)
            throw new SwiperException(resumed.Failure);
        signIn.Forget();
        pushes.EndResume();
        pushes.Accept(new SwiperPush.SignedOut(0, resumed.Failure.Message));
    }

    // Pings while it is quiet, and gives it up where even that is not answered.
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
                await SendFirst<NoArgs, PingReply>(Opcode.Ping, default, options.RequestTimeout, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException exception)
            {
                link.Close(new SwiperConnectionException(
                    $"the server was silent for {options.PingInterval.TotalSeconds:0.###} s and did not answer a ping", exception));
                return await link.Ended.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SwiperConnectionException or ObjectDisposedException)
            {
                // It has ended already, unless it is the answer to the ping that can't be read.
                link.Close(exception);
                return await link.Ended.ConfigureAwait(false);
            }
        }
    }

    private ValueTask<Outcome<TReply>> SendFirst<TRequest, TReply>(
        Opcode opcode, TRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>
    {
        var pending = PendingRequest<TRequest, TReply>.Rent(requests, opcode, request, timeout, ofHandshake: true, cancellationToken);
        var outcome = pending.Outcome;
        requests.SubmitFirst(pending);
        return outcome;
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
            // The app's own fault: it is to be seen, but must not end the connection.
            ThreadPool.QueueUserWorkItem(static thrown => thrown.Throw(), ExceptionDispatchInfo.Capture(exception), preferLocal: false);
        }
    }
}
