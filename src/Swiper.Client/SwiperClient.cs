using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Client.Connections;
using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>
/// One user's connection to Swiper. Any number of requests may be in flight at once, from any thread; replies arrive in any order. A
/// lost connection is re-established and signed in again automatically. <see cref="ISwiperClient"/> documents the calls.
/// </summary>
public sealed partial class SwiperClient : ISwiperClient
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
        var logger = options.LoggerFactory?.CreateLogger<SwiperClient>() ?? NullLogger<SwiperClient>.Instance;
        _keeper = new ConnectionKeeper(options, _requests, _pushes, _signIn, logger, change => StateChanged?.Invoke(this, change));
    }

    /// <inheritdoc/>
    public event EventHandler<ConnectionStateChange>? StateChanged;

    public SwiperClientOptions Options { get; }

    /// <inheritdoc/>
    public ConnectionState State => _keeper.State;

    /// <inheritdoc/>
    public HelloReply Server => _keeper.Server;

    /// <inheritdoc/>
    public long? Uid => _signIn.Current?.Uid;

    /// <inheritdoc/>
    public string? Token => _signIn.Current?.Token;

    /// <inheritdoc/>
    public IAsyncEnumerable<SwiperPush> Pushes => _pushes.Reader.ReadAllAsync();

    /// <inheritdoc/>
    public long DroppedPushes => _pushes.Dropped;

    /// <summary>
    /// Connects to a server and learns its limits. Retries for <see cref="SwiperClientOptions.KeepConnectingFor"/>, by default not at all.
    /// </summary>
    /// <exception cref="ArgumentException">The options are invalid; the message names every problem.</exception>
    /// <exception cref="SwiperConnectionException">No Swiper server can be reached; the message says why.</exception>
    /// <exception cref="SwiperException">The server rejects this client.</exception>
    public static async Task<SwiperClient> ConnectAsync(SwiperClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var client = new SwiperClient(options);
        try
        {
            await client._keeper.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Returns a client at once. It connects in the background and retries until it is disposed, as after a lost connection. Requests
    /// made meanwhile wait until they time out.
    /// </summary>
    /// <exception cref="ArgumentException">The options are invalid; the message names every problem.</exception>
    public static SwiperClient Start(SwiperClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var client = new SwiperClient(options);
        client._keeper.Start();
        return client;
    }

    /// <inheritdoc/>
    public ValueTask<TReply> SendAsync<TRequest, TReply>(Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply> =>
        TrySendAsync<TRequest, TReply>(opcode, request, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply> =>
        TrySendAsync<TRequest, TReply>(opcode, request, Options.RequestTimeout, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>
    {
        // Not ThrowIfNull, which boxes: most requests are structs.
        if (request is null)
            throw new ArgumentNullException(nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<Outcome<TReply>>(cancellationToken);
        var pending = PendingRequest<TRequest, TReply>.Rent(_requests, opcode, request, timeout, ofHandshake: false, cancellationToken);
        var outcome = pending.Outcome;
        _requests.Submit(pending);
        return outcome;
    }

    // Some enums are words on the wire, where a number that is no member would become the word of another one. The server validates
    // everything else.
    private static T Known<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"no such {typeof(T).Name}");

    /// <summary>Closes the connection; requests without a reply fail with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync().ConfigureAwait(false);
        _requests.Close(lostBy: null);
        _requests.Dispose();
        _pushes.Complete(null);
        _pushes.Dispose();
    }
}
