using Swiper.Compare.Report;

namespace Swiper.Compare.Commands;

/// <summary>What came out of a run.</summary>
/// <param name="Report">For people.</param>
/// <param name="Figures">For other programs.</param>
/// <param name="HasFailed">Something could not run: no figure, however bad, does that.</param>
internal sealed record RunResult(RunReport Report, object Figures, bool HasFailed);
