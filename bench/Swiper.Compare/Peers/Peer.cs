using System.Diagnostics;
using Swiper.Compare.Processes;
using Swiper.Local;

namespace Swiper.Compare.Peers;

/// <summary>This machine can't run a rival. Its rows are left out, which is not a failure.</summary>
internal sealed class PeerMissingException(string message) : Exception(message);

/// <summary>The servers of <c>bench/peers</c>, built along with this program.</summary>
internal static class Peer
{
    /// <param name="name">Its name in figures and errors.</param>
    /// <param name="project">Its folder.</param>
    /// <param name="options">After <c>--port</c>.</param>
    public static ServerProcess Start(string name, string project, IReadOnlyList<string>? options = null,
        Action<ProcessStartInfo>? configure = null)
    {
        var program = Repository.ProgramOf("bench", "peers", project);
        return File.Exists(program)
            ? ServerProcess.Start(name, "dotnet", port => [program, "--port", $"{port}", .. options ?? []], configure)
            : throw new PeerMissingException($"{project} is not built: ./swiper compare builds it");
    }
}
