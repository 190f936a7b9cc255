namespace Swiper.Host.Options;

/// <summary>
/// Everything that can be set, with safe defaults. From appsettings.json, then environment variables (Swiper__Listen__Port=7400), then
/// the command line. Unknown keys are errors: a misspelt limit must not silently be the default.
/// </summary>
public sealed record SwiperOptions
{
    public const string Section = "Swiper";

    public ListenOptions Listen { get; init; } = new();

    public TlsOptions Tls { get; init; } = new();

    public ConnectionLimits Limits { get; init; } = new();

    public StorageOptions Storage { get; init; } = new();

    public ClusterOptions Cluster { get; init; } = new();

    public AccountOptions Accounts { get; init; } = new();

    public QuotaOptions Quotas { get; init; } = new();

    public SmsOptions Sms { get; init; } = new();

    public OpsOptions Ops { get; init; } = new();

    public VipOptions Vip { get; init; } = new();

    /// <summary>What a connection is served in a second (<see cref="ConnectionLimits.Pace"/>); null without a limit.</summary>
    public int? PaceFor(bool isDevelopment) =>
        Accounts.LiftRateLimits || Limits.Pace == 0 ? null : Limits.Pace ?? (isDevelopment ? null : ConnectionLimits.DefaultPace);

    /// <summary>All problems with these options, as sentences that name the option.</summary>
    public IEnumerable<string> Problems(bool isDevelopment) =>
    [
        .. Listen.Problems(isDevelopment, Tls.Enabled),
        .. Tls.Problems(isDevelopment, Listen.PlainFor(isDevelopment) ? Listen.Port : null),
        .. Limits.Problems(),
        .. Storage.Problems(),
        .. Cluster.Problems(Storage.Engine),
        .. Accounts.Problems(isDevelopment),
        .. Quotas.Problems(),
        .. Sms.Problems(isDevelopment),
        .. Ops.Problems(Storage, Listen, isDevelopment),
    ];
}
