namespace Swiper.Load.Profiles;

/// <summary>
/// Settings from a profile's default, one of its scenarios or the command line; null fields are inherited from the next lower level.
/// </summary>
public sealed record SettingsPart
{
    public double? WarmUpSeconds { get; init; }

    public double? DurationSeconds { get; init; }

    public int? Connections { get; init; }

    public int? InFlight { get; init; }

    /// <summary>0 selects the closed loop, overriding an inherited rate.</summary>
    public double? Rate { get; init; }

    public double? RampUpSeconds { get; init; }

    public int? Processes { get; init; }

    public int? Robots { get; init; }

    public Thresholds? Thresholds { get; init; }

    /// <summary>These settings, with null fields taken from the other.</summary>
    public SettingsPart Over(SettingsPart? below) => below is null ? this : new SettingsPart
    {
        WarmUpSeconds = WarmUpSeconds ?? below.WarmUpSeconds,
        DurationSeconds = DurationSeconds ?? below.DurationSeconds,
        Connections = Connections ?? below.Connections,
        InFlight = InFlight ?? below.InFlight,
        Rate = Rate ?? below.Rate,
        RampUpSeconds = RampUpSeconds ?? below.RampUpSeconds,
        Processes = Processes ?? below.Processes,
        Robots = Robots ?? below.Robots,
        Thresholds = Thresholds?.Over(below.Thresholds) ?? below.Thresholds,
    };

    /// <summary>Fields set nowhere get a small default.</summary>
    public LoadSettings Complete()
    {
        var connections = Connections ?? 16;
        return new LoadSettings
        {
            WarmUpSeconds = WarmUpSeconds ?? 1,
            DurationSeconds = DurationSeconds ?? 10,
            Connections = connections,
            InFlight = InFlight ?? 1,
            Rate = Rate is 0 ? null : Rate,
            RampUpSeconds = RampUpSeconds ?? 0,
            Processes = Processes ?? 1,
            Robots = Math.Max(Robots ?? 2000, connections),
            Thresholds = Thresholds ?? new Thresholds(),
        };
    }
}
