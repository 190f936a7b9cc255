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
            isNumbered: false);
}
