using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>
/// The interface of <see cref="SwiperClient"/>, for dependency injection and for mocks in tests.
/// <para>
/// Every call exists twice: `SwipeAsync` throws <see cref="SwiperException"/> if the server returns a failure code; `TrySwipeAsync`
/// returns it as an <see cref="Outcome{T}"/>. Both throw <see cref="SwiperConnectionLostException"/> if the connection was lost before
/// the reply, <see cref="TimeoutException"/>, <see cref="OperationCanceledException"/>, and, if the client is closed,
/// <see cref="SwiperConnectionException"/> or <see cref="ObjectDisposedException"/>. Await the task of a call exactly once.
/// </para>
/// </summary>
public partial interface ISwiperClient : IAsyncDisposable
{
    /// <summary>
    /// Raised in order whenever the connection is made, is lost, can't be made, or is closed for good. Handlers must not block: the client
    /// continues when they return.
    /// </summary>
    event EventHandler<ConnectionStateChange>? StateChanged;

    ConnectionState State { get; }

    /// <summary>The server's `hello` reply on the current connection; empty before the first one.</summary>
    HelloReply Server { get; }

    /// <summary>The signed-in user; null if none.</summary>
    long? Uid { get; }

    /// <summary>The token for `ResumeAsync` after a restart of the app; a secret. Null while no user is signed in.</summary>
    string? Token { get; }

    /// <summary>
    /// The pushes, each once in order of <see cref="SwiperPush.Seq"/>, for one reader at a time. Ends when the client is disposed; throws
    /// the reason if the connection was lost for good.
    /// </summary>
    IAsyncEnumerable<SwiperPush> Pushes { get; }

    /// <summary>The number of pushes dropped, oldest first, because the app did not read <see cref="Pushes"/>.</summary>
    long DroppedPushes { get; }

    /// <summary>Sends any request and returns the data of its reply.</summary>
    /// <exception cref="SwiperException">The server returned a failure code.</exception>
    ValueTask<TReply> SendAsync<TRequest, TReply>(Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>;

    /// <summary>Sends any request and returns a failure code as an outcome. In the steady state it allocates only the reply.</summary>
    ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>;

    /// <summary>Sends any request with its own timeout.</summary>
    ValueTask<Outcome<TReply>> TrySendAsync<TRequest, TReply>(
        Opcode opcode, TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>;
}
