using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Swiper.Storage.Embedded;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Restarts;

/// <summary>
/// The process that is to take the place of this one: the same command line, whatever program and options it finds there now.
/// </summary>
internal sealed class Successor : IDisposable
{
    // Before it needs the data folder, a host takes a fraction of a second.
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    // It reads all files first, of any size, and nobody waits for it.
    private static readonly TimeSpan ReadingPatience = TimeSpan.FromMinutes(30);

    // What was noted is some megabytes at most.
    private static readonly TimeSpan NotesPatience = TimeSpan.FromSeconds(30);

    // It may have to bring an old data folder up to date.
    private static readonly TimeSpan ServingPatience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly Handover _handover;
    private bool _makesNotes;

    private Successor(Process process, Handover handover)
    {
        _process = process;
        _handover = handover;
    }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it. It inherits the sockets, and writes to the same log.</summary>
    /// <param name="sockets">The ports.</param>
    /// <param name="makesNotes">Whether this process can tell what it writes while the other reads its files.</param>
    /// <exception cref="Exception">There is no such program any more, or the system grants no process.</exception>
    public static Successor Start(ListeningSockets sockets, bool makesNotes)
    {
        var fromIt = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        var toIt = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        try
        {
            var start = OwnCommandLine();
            start.Environment[Predecessor.Variable] = string.Create(CultureInfo.InvariantCulture,
                $"{Environment.ProcessId} {toIt.GetClientHandleAsString()} {fromIt.GetClientHandleAsString()} {sockets.Duplicate()}");
            if (makesNotes)
                start.Environment[Predecessor.NotesVariable] = $"{ReadAhead.Version}";
            var process = Process.Start(start)!;
            // Else its end would not be the end of the pipe.
            fromIt.DisposeLocalCopyOfClientHandle();
            toIt.DisposeLocalCopyOfClientHandle();
            return new Successor(process, new Handover(fromIt, toIt));
        }
        catch
        {
            fromIt.Dispose();
            toIt.Dispose();
            sockets.CloseKept();
            throw;
        }
    }

    /// <summary>Returns when it can take over; otherwise the reason why it can't.</summary>
    /// <param name="noteAsync">
    /// Called if it reads the data folder first: has all noted that is written, and answers the path of the folder, or null.
    /// </param>
    public Task<string?> WhenReadyAsync(Func<Task<string?>> noteAsync) => HearAsync(Handover.Ready, ReadyPatience, whenReading: async () =>
    {
        var folder = await noteAsync();
        _makesNotes = folder is not null;
        _handover.Say(folder ?? "");
    });

    /// <summary>Has it take over, and returns when it serves; otherwise the reason why it doesn't.</summary>
    /// <param name="quietSince">When this process began to read no more.</param>
    /// <param name="changes">What was noted of what this process wrote; null if that is not all.</param>
    public async Task<string?> TakeOverAsync(long quietSince, byte[]? changes)
    {
        _handover.Say(quietSince.ToString(CultureInfo.InvariantCulture));
        try
        {
            if (_makesNotes)
                await _handover.SayAsync(Handover.LineOf(changes), NotesPatience);
        }
        catch (TimeoutException)
        {
            return $"it did not read what was noted for {NotesPatience.TotalSeconds:0} s";
        }
        return await HearAsync(Handover.Serving, ServingPatience);
    }

    /// <summary>SIGTERM, for one that is to end with this process.</summary>
    public void Terminate() => _ = Libc.Kill(_process.Id, Libc.Terminate);

    /// <summary>Ends it at once: it has nothing yet, or hangs.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        _handover.Dispose();
        _process.Dispose();
    }

    private async Task<string?> HearAsync(string wanted, TimeSpan patience, Func<Task>? whenReading = null)
    {
        string? said;
        try
        {
            said = await _handover.HearAsync(patience);
        }
        catch (TimeoutException)
        {
            return $"it was not {wanted} within {patience.TotalSeconds:0} s";
        }
        if (said == wanted)
            return null;
        if (said == Handover.Reading && whenReading is not null)
        {
            await whenReading();
            return await HearAsync(wanted, ReadingPatience);
        }
        if (said?.StartsWith(Handover.Failed, StringComparison.Ordinal) == true)
            return said[Handover.Failed.Length..];
        // Its end, of which the system tells a moment later.
        return _process.WaitForExit(TimeSpan.FromSeconds(1))
            ? $"it ended with {_process.ExitCode}; standard error may say why" : "it said nothing that this one understands";
    }

    // What this process was started with: a path leads to the program that is there now, also through a link that has been changed.
    private static ProcessStartInfo OwnCommandLine()
    {
        var words = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        return new ProcessStartInfo(words[0].Contains('/') ? words[0] : Environment.ProcessPath!, words[1..]) { UseShellExecute = false };
    }
}
