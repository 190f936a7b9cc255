using Swiper.Client.Connections;
using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>
/// One user's connection to Swiper. Any number of requests may be under way at once, from any thread; replies come in any order. A
/// lost connection is made again by itself, and signed in again.
/// <para>
/// Every call exists twice: `SwipeAsync` throws <see cref="SwiperException"/> where the server answers a failure code; `TrySwipeAsync`
/// answers it as an <see cref="Outcome{T}"/>. Both throw <see cref="SwiperConnectionLostException"/> where the connection was lost
/// before the reply, <see cref="TimeoutException"/>, <see cref="OperationCanceledException"/>, and, where the client is closed,
/// <see cref="SwiperConnectionException"/> or <see cref="ObjectDisposedException"/>. A task of a call is to be awaited once.
/// </para>
/// </summary>
public sealed class SwiperClient : IAsyncDisposable
{
    private readonly RequestQueue _requests;
    private readonly PushFeed _pushes;
    private readonly SignIn _signIn;
    private readonly ConnectionKeeper _keeper;

    private SwiperClient(SwiperClientOptions options)
    {
        Options = options;
        _requests = new RequestQueue(options.InlineCompletions);
        _pushes = new PushFeed(options.PushBuffer, PushFeed.DefaultPatience);
        _signIn = new SignIn(_pushes);
        _keeper = new ConnectionKeeper(options, _requests, _pushes, _signIn, change => StateChanged?.Invoke(this, change));
    }

    /// <summary>
    /// Raised in order whenever the connection was lost, could not be made again, is back, or is closed for good. Handlers must not block:
    /// the client goes on when they return.
    /// </summary>
    public event EventHandler<ConnectionStateChange>? StateChanged;

    public SwiperClientOptions Options { get; }

    public ConnectionState State => _keeper.State;

    /// <summary>What the server said of itself when the present connection was made.</summary>
    public HelloReply Server => _keeper.Server;

    /// <summary>Who is signed in; null for nobody.</summary>
    public long? Uid => _signIn.Current?.Uid;

    /// <summary>What `ResumeAsync` takes after a restart of the app; a secret. Null while nobody is signed in.</summary>
    public string? Token => _signIn.Current?.Token;

    /// <summary>
    /// What the server tells by itself, in the order of <see cref="SwiperPush.Seq"/> and each once, for one reader at a time. Ends when the client is
    /// disposed; throws why where the connection was lost for good.
    /// </summary>
    public IAsyncEnumerable<SwiperPush> Pushes => _pushes.Reader.ReadAllAsync();

    /// <summary>Pushes that were dropped because the app did not read <see cref="Pushes"/>: always the oldest that waited.</summary>
    public long DroppedPushes => _pushes.Dropped;

    /// <summary>Connects to a server and learns its limits.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message names all that is.</exception>
    /// <exception cref="SwiperConnectionException">The server can't be reached or is none; the message says why.</exception>
    /// <exception cref="SwiperException">The server refuses this client.</exception>
    public static async Task<SwiperClient> ConnectAsync(SwiperClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var client = new SwiperClient(options);
        try
        {
            await client._keeper.StartAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends any request and answers the data of its reply.</summary>
    /// <exception cref="SwiperException">The server answered a failure code.</exception>
    public ValueTask<TReply> SendAsync<TRequest, TReply>(Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply> =>
        TrySendAsync<TRequest, TReply>(opcode, request, cancellationToken).OrThrow();

    /// <summary>Sends any request. A failure code is an outcome; allocates nothing beyond the reply in the steady state.</summary>
    public ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply> =>
        TrySendAsync<TRequest, TReply>(opcode, request, Options.RequestTimeout, cancellationToken);

    /// <summary>Sends any request, with a timeout of its own.</summary>
    public ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<Outcome<TReply>>(cancellationToken);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        var pending = PendingRequest<TRequest, TReply>.Rent(_requests, opcode, request, timeout, ofHandshake: false, cancellationToken);
        var outcome = pending.Outcome;
        _requests.Submit(pending);
        return outcome;
    }

    /// <summary>Closes the connection; requests without a reply fail with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync().ConfigureAwait(false);
        _requests.Close(lostBy: null);
        _requests.Dispose();
        _pushes.Complete(null);
        _pushes.Dispose();
    }

    /// <summary>The nonce of the code that this client last asked for, where that was for this phone.</summary>
    internal string? NonceOf(string phone) => _signIn.NonceOf(phone);

    /// <summary>Before a resume that the app asks for: it knows the pushes up to there.</summary>
    internal void StartPushesAfter(long seq) => _pushes.StartAfter(seq);
}
