using System.Text.Json.Serialization;
using Swiper.Load.Measuring;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>
/// What a worker tells: <see cref="Connected"/>, a <see cref="Second"/> after the other, <see cref="Finished"/>; or at any time
/// <see cref="Failed"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Connected), "connected")]
[JsonDerivedType(typeof(Second), "second")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Failed), "failed")]
internal abstract record WorkerMessage
{
    /// <summary>All its users are there.</summary>
    /// <param name="Server">What the server says of itself.</param>
    public sealed record Connected(string Server) : WorkerMessage;

    /// <summary>What ended within a second, or less at the edges of the run.</summary>
    /// <param name="Number">Which second of the measured part it ends; 0 and below while warming up.</param>
    /// <param name="At">Its end in seconds.</param>
    /// <param name="Length">In seconds.</param>
    /// <param name="Ended">In the measured part only what was due in it.</param>
    /// <param name="WarmUpEnded">In the measured part: requests that were due while warming up and ended now.</param>
    /// <param name="Connections">Open at its end.</param>
    public sealed record Second(
        int Number, double At, double Length, TallyRecord Ended, long WarmUpEnded, int Connections) : WorkerMessage;

    /// <summary>Everything that was measured.</summary>
    /// <param name="Steps">Requests that were due within the measured time.</param>
    /// <param name="Replies">That came within it, a step each.</param>
    /// <param name="ExpectedReplies">Those of them with an expected code.</param>
    /// <param name="Unsent">Requests that were due within it and never sent.</param>
    /// <param name="LateErrors">Of each second of it: what was due in it and became an error only after the measured time.</param>
    /// <param name="MeasuredSeconds">Less than planned where it was stopped.</param>
    /// <param name="CpuSeconds">Processor time of the runner in that time.</param>
    /// <param name="Held">Connections open at its end.</param>
    /// <param name="Lost">Connections that ended by themselves, from the first one on.</param>
    public sealed record Finished(
        IReadOnlyList<TallyRecord> Steps, IReadOnlyList<long> Replies, long ExpectedReplies, TallyRecord Unsent,
        IReadOnlyList<long> LateErrors, double MeasuredSeconds, double CpuSeconds, int Held, long Lost,
        IReadOnlyList<Figure> Figures) : WorkerMessage;

    /// <param name="Reason">One line for people.</param>
    public sealed record Failed(string Reason) : WorkerMessage;
}
