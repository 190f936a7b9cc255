using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Diagnostics;

/// <summary>What concerns the server itself.</summary>
public sealed class DiagnosticsSlice(ServerIdentity server, TimeProvider clock) : ISlice
{
    public void Map(OpcodeTable table) => table
        .Answer(Opcode.Hello, new HelloHandler(server, clock), new() { Access = Access.Anonymous, MayRepeat = true })
        .Answer(Opcode.Ping, new PingHandler(clock), new() { Access = Access.Anonymous, MayRepeat = true })
        .Answer(Opcode.Echo, new EchoHandler(), new() { Access = Access.Anonymous, MayRepeat = true })
        .Push<DrainingPush>(
            Opcode.Draining,
            "The server is about to stop: it reads no more requests, answers those it has read, and closes the connection.",
            isNumbered: false);
}
