using System.Globalization;

namespace Swiper.Compare.Rows;

/// <summary>The target of a figure. <paramref name="First"/> is an optional intermediate step.</summary>
internal sealed record Target(double Bound, bool IsUpper = false, double? First = null, double Noise = 0)
{
    public static Target AtLeast(double bound, double? first = null) => new(bound, First: first);

    /// <param name="noise">How far above the bound a figure may be because of measurement noise.</param>
    public static Target AtMost(double bound, double noise = 0) => new(bound, IsUpper: true, Noise: noise);

    public string Verdict(double figure)
    {
        if (IsUpper ? figure <= Bound + Noise : figure >= Bound)
            return "met";
        return First is { } first && figure >= first ? "first step met" : "missed";
    }

    public override string ToString()
    {
        var bound = Bound.ToString("#,0.##", CultureInfo.InvariantCulture);
        var first = First?.ToString("0.##", CultureInfo.InvariantCulture);
        return $"{(IsUpper ? "<=" : ">=")} {bound}{(first is null ? "" : $" (first {first})")}";
    }
}
