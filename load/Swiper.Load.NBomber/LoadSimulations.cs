using NBomber.Contracts;
using NBomber.CSharp;
using Swiper.Load.Profiles;

namespace Swiper.Load.NBomber;

/// <summary>Translates a profile's settings into NBomber load simulations.</summary>
internal static class LoadSimulations
{
    // Below this rate one copy is injected at a time, so that fractional rates are exact.
    private const double LeastWholeRate = 10;

    public static LoadSimulation[] Of(LoadSettings settings)
    {
        var during = TimeSpan.FromSeconds(settings.DurationSeconds);
        if (settings.Rate is not { } rate)
            return [Simulation.KeepConstant(copies: settings.Connections * settings.InFlight, during: during)];
        var interval = rate < LeastWholeRate ? TimeSpan.FromSeconds(1 / rate) : TimeSpan.FromSeconds(1);
        var copies = rate < LeastWholeRate ? 1 : (int)Math.Round(rate);
        var steady = Simulation.Inject(rate: copies, interval: interval, during: during);
        return settings.RampUpSeconds > 0
            ? [Simulation.RampingInject(rate: copies, interval: interval, during: TimeSpan.FromSeconds(settings.RampUpSeconds)), steady]
            : [steady];
    }
}
