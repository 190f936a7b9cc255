using System.Globalization;
using Swiper.Load.Formatting;
using Swiper.Load.Profiles;
using Swiper.Load.Results;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>Compares the results of a run with the thresholds of its profile.</summary>
internal sealed record Verdict(Scenario Scenario, Thresholds Thresholds)
{
    public required StepResult Total { get; init; }

    /// <summary>Replies with an expected code.</summary>
    public required double ExpectedPerSecond { get; init; }

    public required long LostConnections { get; init; }

    /// <summary>Why the server exited during the measured part; null if it did not.</summary>
    public string? EndOfServer { get; init; }

    /// <summary>The results of the thresholds that are set, and of those that apply to every run.</summary>
    public IReadOnlyList<ThresholdResult> Results() => [.. All()];

    private IEnumerable<ThresholdResult> All()
    {
        var unexpected = Total.Codes.Where(code => code.Key == StepResult.NoReply || !Scenario.IsExpected(code.Key)).ToList();
        var errors = unexpected.Sum(code => code.Value);

        // A run without replies proves nothing, and replies to requests due in the warm-up say nothing about the measured part.
        var replied = Total.Count - Total.Codes.GetValueOrDefault(StepResult.NoReply);
        yield return new("requests were answered", $"{Number(replied)} of {Number(Total.Count)} requests", replied > 0);
        if (EndOfServer is not null)
            yield return new("server ran to the end", EndOfServer, false);
        if (Thresholds.OnlyExpectedCodes == true)
            yield return new("only expected codes", unexpected.Count == 0 ? "no others" : CodeText.Of(unexpected), unexpected.Count == 0);
        if (Thresholds.MaxErrorShare is { } share)
            yield return new($"errors <= {Percent(share)}", Total.Count == 0 ? "no requests" : NumberText.Share(errors, Total.Count),
                errors <= share * Total.Count);
        if (Thresholds.P99Ms is { } p99)
            yield return new($"p99 <= {LatencyText.Of(1000 * p99)}", LatencyText.Of(Total.MeasuredLatency.P99),
                Total.MeasuredLatency.P99 <= 1000 * p99);
        if (Thresholds.MinRate is { } rate)
            yield return new($"rate >= {Number(rate)} a second", Number(ExpectedPerSecond), ExpectedPerSecond >= rate);
        if (Thresholds.MaxLostConnections is { } lost)
            yield return new($"lost connections <= {Number(lost)}", Number(LostConnections), LostConnections <= lost);
    }

    private static string Number(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.###} %");
}
