using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Swiper.Compare.Garbage;

/// <summary>Triggers a full garbage collection in another .NET process, so that a memory reading shows only live objects.</summary>
internal static class FullCollection
{
    // Starting a session with GCHeapCollect triggers one blocking full collection.
    private const long GCHeapCollect = 0x800000;

    public static void Induce(int process)
    {
        using var session = new DiagnosticsClient(process).StartEventPipeSession(
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GCHeapCollect), requestRundown: false,
            circularBufferMB: 1);
        var drain = session.EventStream.CopyToAsync(Stream.Null);
        Thread.Sleep(500);
        session.Stop();
        drain.Wait(TimeSpan.FromSeconds(5));
    }
}
