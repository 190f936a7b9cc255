using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Diagnostics;

/// <summary>Requests about the server itself.</summary>
public sealed class DiagnosticsSlice(ServerIdentity server, TimeProvider clock) : ISlice
{
    public void Map(OpcodeTable table) => table
        .Answer(Opcode.Hello, Access.Anonymous, new HelloHandler(server, clock))
        .Answer(Opcode.Ping, Access.Anonymous, new PingHandler(clock))
        .Answer(Opcode.Echo, Access.Anonymous, new EchoHandler());
}
