using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Diagnostics;

/// <summary>What concerns the server itself.</summary>
public sealed class DiagnosticsSlice(ServerIdentity server, TimeProvider clock) : ISlice
{
    private static readonly EndpointDescriptor FromMemory =
        new() { Access = Access.Anonymous, Cost = RequestCost.Memory, MayRepeat = true };

    public void Map(OpcodeTable table) => table
        .Answer(Opcode.Hello, new HelloHandler(server, clock), FromMemory)
        .Answer(Opcode.Ping, new PingHandler(clock), FromMemory)
        .Answer(Opcode.Echo, new EchoHandler(), FromMemory)
        .Push<DrainingPush>(
            Opcode.Draining,
            "The server is about to stop: it reads no more requests, answers those it has read, and closes the connection.",
            isNumbered: false)
        .Push<NoArgs>(
            Opcode.Drained,
            "The last frame before a stopping server closes the connection: it has answered all requests that it has read. Those without "
                + "a reply have had no effect and can be sent to another host, whatever they are.",
            isNumbered: false);
}
