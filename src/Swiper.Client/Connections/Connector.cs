using Microsoft.Extensions.Logging;
using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>Makes links to the first server that can be reached, sends `hello` and, after a loss, signs in again.</summary>
internal sealed class Connector(SwiperClientOptions options, RequestQueue requests, PushFeed pushes, SignIn signIn, ILogger logger)
{
    private readonly EndpointRing _endpoints = new(options.EffectiveEndpoints);

    // Boxed, so that it is replaced at once.
    private volatile object _server = default(HelloReply);

    /// <summary>The server's `hello` reply on the current link.</summary>
    public HelloReply Server => (HelloReply)_server;

    /// <summary>Tries each server once, in turn, until there is a link. The listener gets everything it receives.</summary>
    /// <exception cref="SwiperConnectionException">No Swiper server can be reached.</exception>
    /// <exception cref="SwiperException">The server rejects this client.</exception>
    public async Task<Link> ConnectAsync(ILinkListener listener, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        while (true)
        {
            var endpoint = _endpoints.Next();
            try
            {
                return await OpenAsync(endpoint, listener, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                ClientLog.NotConnected(logger, endpoint, exception.Message);
                failures.Add(exception);
                // A throttling server speaks for all of them.
                if (failures.Count < _endpoints.Count && exception is not SwiperException { Code: StatusCode.Throttled })
                    continue;
                if (failures.Count == 1 || exception is SwiperException)
                    throw;
                var reasons = string.Join("; ", failures.Select(failure => failure.Message));
                throw new SwiperConnectionException($"could not connect to any server: {reasons}", new AggregateException(failures));
            }
        }
    }

    /// <summary>Sends one of the client's own requests ahead of all waiting ones.</summary>
    public ValueTask<Outcome<TReply>> SendFirst<TRequest, TReply>(
        Opcode opcode, TRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>
    {
        var pending = PendingRequest<TRequest, TReply>.Rent(requests, opcode, request, timeout, ofHandshake: true, cancellationToken);
        var outcome = pending.Outcome;
        requests.SubmitFirst(pending);
        return outcome;
    }

    /// <summary>The server may accept later what it rejects now.</summary>
    public static bool IsPassing(StatusCode code) => code is StatusCode.Unavailable or StatusCode.Throttled or StatusCode.InternalError;

    private async Task<Link> OpenAsync(SwiperEndpoint endpoint, ILinkListener listener, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeout);
        Link? link = null;
        try
        {
            var stream = await Transport.OpenAsync(endpoint, options, deadline.Token).ConfigureAwait(false);
            link = new Link(stream, listener, requests, options.MaxFrame) { Endpoint = endpoint };
            requests.Bind(link.Sender);
            link.Start();
            await ShakeHandsAsync(deadline.Token).ConfigureAwait(false);
            return link;
        }
        catch (Exception exception)
        {
            // If the link ended, its reason says more than the request that failed with it.
            var reason = exception;
            if (link is not null)
            {
                link.Close(exception);
                reason = await link.Ended.ConfigureAwait(false);
            }
            if (exception is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                throw new SwiperConnectionException(
                    $"{endpoint} did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s", exception);
            }
            if (exception is SwiperConnectionLostException)
                throw new SwiperConnectionException($"could not connect to {endpoint}: {reason.Message}", reason);
            throw;
        }
    }

    // Hello and, after a loss, resume; sent together.
    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        var hello = SendFirst<HelloRequest, HelloReply>(
            Opcode.Hello, new HelloRequest(WireContract.Version, options.ClientName), options.ConnectTimeout, cancellationToken);
        var identity = signIn.Current;
        var resume = identity is null ? null : SendFirst<ResumeRequest, ResumeReply>(
            Opcode.Resume, new ResumeRequest(identity.Token, pushes.ResumeAfter), options.ConnectTimeout, cancellationToken).AsTask();

        try
        {
            _server = (await hello.ConfigureAwait(false)).OrThrow();
        }
        finally
        {
            // Observe its failure even if the hello failed.
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
        if (IsPassing(resumed.Failure.Code))
            throw new SwiperException(resumed.Failure);
        ClientLog.SignedOut(logger, identity?.Uid, resumed.Failure.Message);
        signIn.Forget();
        pushes.EndResume();
        pushes.Accept(new SwiperPush.SignedOut(0, resumed.Failure.Message));
    }
}
