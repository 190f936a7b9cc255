using System.Globalization;

namespace Swiper.Compare.Rows;

/// <summary>What a figure answers to. <paramref name="First"/> is the step before the end, where there is one.</summary>
internal sealed record Target(double Bound, bool IsUpper = false, double? First = null, double Noise = 0)
{
    public static Target AtLeast(double bound, double? first = null) => new(bound, First: first);

    /// <param name="noise">By how much a measurement of the bound itself may come out above it.</param>
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
