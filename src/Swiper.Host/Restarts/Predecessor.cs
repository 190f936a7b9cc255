using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;

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

    private readonly Handover _handover;
    private long _quietSince;

    private Predecessor(int id, string fromIt, string toIt, ListeningSockets sockets)
    {
        Id = id;
        Sockets = sockets;
        _handover = new Handover(
            new AnonymousPipeClientStream(PipeDirection.In, fromIt), new AnonymousPipeClientStream(PipeDirection.Out, toIt));
    }

    /// <summary>The id of the process.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended its work in order; one that has died has not.</summary>
    public bool HasHandedOver { get; private set; }

    /// <summary>Its ports.</summary>
    public ListeningSockets Sockets { get; }

    /// <summary>Null where this process was started in an ordinary way.</summary>
    public static Predecessor? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ', 4) is not [var id, var fromIt, var toIt, var sockets])
            return null;
        // Not for what this process starts.
        Environment.SetEnvironmentVariable(Variable, null);
        return new Predecessor(int.Parse(id, CultureInfo.InvariantCulture), fromIt, toIt, ListeningSockets.Inherited(sockets));
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
