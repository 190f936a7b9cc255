using Swiper.Compare.Report;

namespace Swiper.Compare.Commands;

/// <summary>The results of a run.</summary>
/// <param name="Report">For people.</param>
/// <param name="Figures">For other programs.</param>
/// <param name="HasFailed">Something could not run; a bad figure is not a failure.</param>
internal sealed record RunResult(RunReport Report, object Figures, bool HasFailed);
