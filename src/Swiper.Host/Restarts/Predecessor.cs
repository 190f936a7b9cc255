using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Swiper.Storage.Embedded;

namespace Swiper.Host.Restarts;

/// <summary>
/// The process that has started this one to take its place: it goes on serving until this one is ready, then ends its work, and says so.
/// </summary>
internal sealed class Predecessor : IDisposable
{
    /// <summary>
    /// How a process knows that it has a predecessor: its id, the descriptors of the two pipes between them, the sockets.
    /// </summary>
    public const string Variable = "SWIPER_PREDECESSOR";

    /// <summary>Which notes of changes it can make (<see cref="ReadAhead.Version"/>); not set by versions that make none.</summary>
    public const string NotesVariable = "SWIPER_PREDECESSOR_NOTES";

    // It waits for a commit of each shard.
    private static readonly TimeSpan NotesPatience = TimeSpan.FromSeconds(30);

    private readonly Handover _handover;
    private readonly bool _makesNotes;
    private bool _isNoting;
    private long _quietSince;

    private Predecessor(int id, string fromIt, string toIt, ListeningSockets sockets, bool makesNotes)
    {
        Id = id;
        _makesNotes = makesNotes;
        Sockets = sockets;
        _handover = new Handover(
            new AnonymousPipeClientStream(PipeDirection.In, fromIt), new AnonymousPipeClientStream(PipeDirection.Out, toIt));
    }

    /// <summary>The id of the process.</summary>
    public int Id { get; }

    /// <summary>Its bytes in memory; 0 if it has ended.</summary>
    public long WorkingSet
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(Id);
                return process.WorkingSet64;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Whether it has ended its work in order; one that has died has not.</summary>
    public bool HasHandedOver { get; private set; }

    /// <summary>What it has noted, once it has handed over; null if that is not all that it has written.</summary>
    public byte[]? Changes { get; private set; }

    /// <summary>Its ports.</summary>
    public ListeningSockets Sockets { get; }

    /// <summary>Null where this process was started in an ordinary way.</summary>
    public static Predecessor? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ', 4) is not [var id, var fromIt, var toIt, var sockets])
            return null;
        var makesNotes = Environment.GetEnvironmentVariable(NotesVariable) == $"{ReadAhead.Version}";
        // Not for what this process starts.
        Environment.SetEnvironmentVariable(Variable, null);
        Environment.SetEnvironmentVariable(NotesVariable, null);
        return new Predecessor(
            int.Parse(id, CultureInfo.InvariantCulture), fromIt, toIt, ListeningSockets.Inherited(sockets), makesNotes);
    }

    /// <summary>
    /// Has it note from now on what it writes to a data folder; false if it does not, or writes to another. What it has noted comes
    /// with the folder: <see cref="Changes"/>.
    /// </summary>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public async Task<bool> AskForNotesAsync(string folder)
    {
        if (!_makesNotes)
            return false;
        _handover.Say(Handover.Reading);
        var answer = await _handover.HearAsync(NotesPatience);
        _isNoting = !string.IsNullOrEmpty(answer);
        return answer == Path.GetFullPath(folder);
    }

    /// <summary>
    /// Says that this process can take over, and waits until it may. A predecessor that has died has no more to hand over.
    /// </summary>
    /// <exception cref="TimeoutException">It neither hands over nor ends.</exception>
    public async Task TakeOverAsync(TimeSpan patience)
    {
        var asked = Stopwatch.GetTimestamp();
        _handover.Say(Handover.Ready);
        string? said;
        try
        {
            said = await _handover.HearAsync(patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"process {Id} was to hand over, and has neither done so nor ended for {patience.TotalSeconds:0} s", late);
        }
        // The clock is that of the machine, and the same in all processes.
        HasHandedOver = long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var told);
        _quietSince = HasHandedOver ? told : asked;
        if (HasHandedOver && _isNoting)
            Changes = await HearNotesAsync();
    }

    // The folder is free already: without notes all files are read.
    private async Task<byte[]?> HearNotesAsync()
    {
        try
        {
            return Handover.NotesIn(await _handover.HearAsync(NotesPatience));
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>
    /// Says that this process serves, which ends the other. Answers how long nobody did: since the other began to read no more.
    /// </summary>
    public TimeSpan SayServing()
    {
        var gap = Stopwatch.GetElapsedTime(_quietSince);
        _handover.Say(Handover.Serving);
        return gap;
    }

    /// <summary>Says why this process ends instead.</summary>
    public void SayFailed(string reason) => _handover.Say(Handover.Failed + reason);

    public void Dispose() => _handover.Dispose();
}
