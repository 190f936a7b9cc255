using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Dispatch;
using Swiper.Host;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The opcode table of the real server, composed on a throw-away folder and never started.</summary>
internal static class ServedOpcodes
{
    public static IReadOnlyList<Endpoint> Read()
    {
        var folder = Directory.CreateTempSubdirectory("swiper-protocol-").FullName;
        try
        {
            var app = Composition.Build(new HostArguments("Development", [$"Storage:Data={folder}", "Tls:Enabled=false"]));
            using var disposal = (IDisposable)app;
            return [.. app.Services.GetRequiredService<OpcodeTable>().Endpoints];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
