using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>
/// What an app asks of a <see cref="SwiperClient"/>, for code that is handed one and for tests that hand it another.
/// <para>
/// Every call exists twice: `SwipeAsync` throws <see cref="SwiperException"/> where the server answers a failure code; `TrySwipeAsync`
/// answers it as an <see cref="Outcome{T}"/>. Both throw <see cref="SwiperConnectionLostException"/> where the connection was lost
/// before the reply, <see cref="TimeoutException"/>, <see cref="OperationCanceledException"/>, and, where the client is closed,
/// <see cref="SwiperConnectionException"/> or <see cref="ObjectDisposedException"/>. A task of a call is to be awaited once.
/// </para>
/// </summary>
public partial interface ISwiperClient : IAsyncDisposable
{
    /// <summary>
    /// Raised in order whenever the connection was made, was lost, could not be made, or is closed for good. Handlers must not block:
    /// the client goes on when they return.
    /// </summary>
    event EventHandler<ConnectionStateChange>? StateChanged;

    ConnectionState State { get; }

    /// <summary>What the server said of itself when the present connection was made; empty before the first one.</summary>
    HelloReply Server { get; }

    /// <summary>Who is signed in; null for nobody.</summary>
    long? Uid { get; }

    /// <summary>What `ResumeAsync` takes after a restart of the app; a secret. Null while nobody is signed in.</summary>
    string? Token { get; }

    /// <summary>
    /// What the server tells by itself, in the order of <see cref="SwiperPush.Seq"/> and each once, for one reader at a time. Ends when
    /// the client is disposed; throws why where the connection was lost for good.
    /// </summary>
    IAsyncEnumerable<SwiperPush> Pushes { get; }

    /// <summary>Pushes that were dropped because the app did not read <see cref="Pushes"/>: always the oldest that waited.</summary>
    long DroppedPushes { get; }

    /// <summary>Sends any request and answers the data of its reply.</summary>
    /// <exception cref="SwiperException">The server answered a failure code.</exception>
    ValueTask<TReply> SendAsync<TRequest, TReply>(Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>;

    /// <summary>Sends any request. A failure code is an outcome; allocates nothing beyond the reply in the steady state.</summary>
    ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>;

    /// <summary>Sends any request, with a timeout of its own.</summary>
    ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>;
}
