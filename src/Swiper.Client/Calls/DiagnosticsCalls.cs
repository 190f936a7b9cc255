using Swiper.Core.Protocol;

namespace Swiper.Client;

// Calls whose args are the client's own, or bytes that it checks. The others are generated: Calls.g.cs.
public partial interface ISwiperClient
{
    /// <summary>Sends `hello`. Connecting has already done so, see <see cref="Server"/>.</summary>
    ValueTask<HelloReply> HelloAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="HelloAsync"/>
    ValueTask<Outcome<HelloReply>> TryHelloAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns the same bytes after a trip through the whole server.</summary>
    /// <param name="array">One complete MessagePack array. It must not change until the reply arrives.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    /// <exception cref="ArgumentException">The bytes are not a MessagePack array.</exception>
    ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> array, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="EchoAsync"/>
    ValueTask<Outcome<EchoArray>> TryEchoAsync(ReadOnlyMemory<byte> array, CancellationToken cancellationToken = default);
}

public sealed partial class SwiperClient
{
    /// <inheritdoc/>
    public ValueTask<HelloReply> HelloAsync(CancellationToken cancellationToken = default) => TryHelloAsync(cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<HelloReply>> TryHelloAsync(CancellationToken cancellationToken = default) =>
        TrySendAsync<HelloRequest, HelloReply>(
            Opcode.Hello, new HelloRequest(WireContract.Version, Options.ClientName), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> array, CancellationToken cancellationToken = default) =>
        (await TryEchoAsync(array, cancellationToken).ConfigureAwait(false)).OrThrow().Bytes;

    /// <inheritdoc/>
    public ValueTask<Outcome<EchoArray>> TryEchoAsync(ReadOnlyMemory<byte> array, CancellationToken cancellationToken = default) =>
        TrySendAsync<EchoArray, EchoArray>(Opcode.Echo, EchoArray.Of(array), cancellationToken);
}
