using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>Calls about the server itself.</summary>
public static class DiagnosticsCalls
{
    extension(SwiperClient client)
    {
        /// <summary>Introduces the client. Connecting has done so already: <see cref="SwiperClient.Server"/>.</summary>
        public ValueTask<HelloReply> HelloAsync(CancellationToken cancellationToken = default) =>
            client.TryHelloAsync(cancellationToken).OrThrow();

        /// <inheritdoc cref="HelloAsync"/>
        public ValueTask<Outcome<HelloReply>> TryHelloAsync(CancellationToken cancellationToken = default) =>
            client.TrySendAsync<HelloRequest, HelloReply>(
                Opcode.Hello, new HelloRequest(ServerIdentity.Protocol, client.Options.ClientName), cancellationToken);

        /// <summary>The server's time.</summary>
        public ValueTask<PingReply> PingAsync(CancellationToken cancellationToken = default) =>
            client.TryPingAsync(cancellationToken).OrThrow();

        /// <inheritdoc cref="PingAsync"/>
        public ValueTask<Outcome<PingReply>> TryPingAsync(CancellationToken cancellationToken = default) =>
            client.TrySendAsync<NoArgs, PingReply>(Opcode.Ping, default, cancellationToken);

        /// <summary>The same bytes, after a way through the whole server.</summary>
        /// <param name="array">One whole MessagePack array. It must not change until the reply is there.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        /// <exception cref="ArgumentException">The bytes are no MessagePack array.</exception>
        public async ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> array, CancellationToken cancellationToken = default) =>
            (await client.TryEchoAsync(array, cancellationToken).ConfigureAwait(false)).OrThrow().Bytes;

        /// <inheritdoc cref="EchoAsync"/>
        public ValueTask<Outcome<EchoArray>> TryEchoAsync(ReadOnlyMemory<byte> array, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<EchoArray, EchoArray>(Opcode.Echo, EchoArray.Of(array), cancellationToken);
    }
}
