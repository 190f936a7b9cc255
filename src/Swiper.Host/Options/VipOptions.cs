namespace Swiper.Host.Options;

/// <summary>What needs a VIP level.</summary>
public sealed record VipOptions
{
    /// <summary>Grants everything to everybody, so that demos need no purchase; by default in Development only.</summary>
    public bool? GrantAll { get; init; }

    /// <summary>Whether everybody may use everything.</summary>
    public bool IsFree(bool isDevelopment) => GrantAll ?? isDevelopment;
}
