using System.Text.Json.Serialization;
using Swiper.Load.Measuring;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>
/// A message of a worker: <see cref="Connected"/>, then a <see cref="Second"/> for each second, then <see cref="Finished"/>; or
/// <see cref="Failed"/> at any time.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Connected), "connected")]
[JsonDerivedType(typeof(Second), "second")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Failed), "failed")]
internal abstract record WorkerMessage
{
    /// <summary>All users of the worker are connected.</summary>
    /// <param name="Server">The server's own description.</param>
    public sealed record Connected(string Server) : WorkerMessage;

    /// <summary>What ended within a second, or less at the edges of the run.</summary>
    /// <param name="Number">The second of the measured part that it ends; 0 or below in the warm-up.</param>
    /// <param name="At">Its end in seconds.</param>
    /// <param name="Length">Its length in seconds.</param>
    /// <param name="Ended">Requests that ended in it; in the measured part only those due in that part.</param>
    /// <param name="WarmUpEnded">In the measured part: requests due in the warm-up that ended in this second.</param>
    /// <param name="Connections">Open at its end.</param>
    public sealed record Second(
        int Number, double At, double Length, TallyRecord Ended, long WarmUpEnded, int Connections) : WorkerMessage;

    /// <summary>Everything that was measured.</summary>
    /// <param name="Steps">Requests due in the measured part, per step.</param>
    /// <param name="Replies">Replies received in the measured part, per step.</param>
    /// <param name="ExpectedReplies">Those of them with an expected code.</param>
    /// <param name="Unsent">Requests due in the measured part and never sent.</param>
    /// <param name="LateErrors">For each measured second: requests due in it that became errors only after the measured part.</param>
    /// <param name="MeasuredSeconds">Less than planned if interrupted.</param>
    /// <param name="CpuSeconds">CPU time of the runner in the measured part.</param>
    /// <param name="Held">Connections open at the end of the run.</param>
    /// <param name="Lost">Connections lost during the whole run.</param>
    public sealed record Finished(
        IReadOnlyList<TallyRecord> Steps, IReadOnlyList<long> Replies, long ExpectedReplies, TallyRecord Unsent,
        IReadOnlyList<long> LateErrors, double MeasuredSeconds, double CpuSeconds, int Held, long Lost,
        IReadOnlyList<Figure> Figures) : WorkerMessage;

    /// <param name="Reason">A single line.</param>
    public sealed record Failed(string Reason) : WorkerMessage;
}
