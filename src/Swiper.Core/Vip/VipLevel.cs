using System.ComponentModel;
using System.Text;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>A VIP level: what it is called, what it grants and what it costs.</summary>
[Description("A VIP level.")]
public sealed record VipLevel(
    [Description("0 is what users without a VIP level have"), Within(0, VipLevel.Highest)] int Level,
    [Description("what it is called")] string Name,
    [Description("what it grants; newer servers may have permissions that a client does not know")] IReadOnlyList<string> Permissions,
    [Description("how long it can be bought for, and for how much; empty if it can't be bought")] IReadOnlyList<VipPrice> Prices)
{
    public const int Highest = 3;

    /// <summary>The permissions that this version knows.</summary>
    internal PermissionSet Granted { get; } = PermissionSet.Of(Permissions
        .Where(static name => PermissionNames.TryParse(name, out _))
        .Select(static name => PermissionNames.TryParse(name, out var permission) ? permission : default));

    internal static VipLevel Read(ref FieldReader fields)
    {
        var level = fields.Elements("level");
        var (number, name) = (level.Int32("level", 0, Highest), level.String("name", int.MaxValue));
        var permissions = new List<string>();
        var names = level.Elements("permissions");
        while (names.Left > 0)
            permissions.Add(names.String("permission", int.MaxValue));
        level.Fail(names.Problem);
        var prices = new List<VipPrice>();
        var elements = level.Elements("prices");
        while (elements.Left > 0)
            prices.Add(VipPrice.Read(ref elements));
        level.Fail(elements.Problem);
        fields.Fail(level.Problem);
        return new VipLevel(number, name, permissions, prices);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(Level);
        writer.WriteString(Name);
        ProfileViewFormat.WriteStrings(ref writer, Permissions);
        writer.WriteArrayHeader(Prices.Count);
        foreach (var price in Prices)
            price.Write(ref writer);
    }
}

/// <summary>What a VIP level costs for some time.</summary>
[Description("What a VIP level costs for some time.")]
public sealed record VipPrice(
    [Description("how long the level lasts")] int Days,
    [Description("in coins, or in the smallest unit of the currency")] long Price,
    [Description("\"coins\", which the user's wallet has, or the ISO 4217 code of a currency")] string Currency)
{
    /// <summary>The currency that a user's wallet has.</summary>
    public const string Coins = "coins";

    internal static VipPrice Read(ref FieldReader fields)
    {
        var price = fields.Elements("price");
        var read = new VipPrice(
            price.Int32("days", int.MinValue, int.MaxValue), price.Int64("price"), price.String("currency", int.MaxValue));
        fields.Fail(price.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Days);
        writer.WriteInt64(Price);
        writer.WriteString(Currency);
    }
}

/// <summary>New values for some of what a VIP level is; null leaves it as it is. A list replaces the whole list.</summary>
public sealed record VipLevelChange(
    string? Name = null, IReadOnlyList<string>? Permissions = null, IReadOnlyList<VipPrice>? Prices = null)
{
    public const int MostNameBytes = 32;
    public const int MostPrices = 10;
    public const long HighestPrice = 1_000_000_000;

    /// <summary>The level after the change, or the first invalid value, by name.</summary>
    public Outcome<VipLevel> ApplyTo(VipLevel level)
    {
        if (this == new VipLevelChange())
            return Bad("nothing is to be changed");
        if ((ProblemOfName() ?? ProblemOfPermissions() ?? ProblemOfPrices(level.Level)) is { } problem)
            return Bad(problem);
        return new VipLevel(
            level.Level, Name?.Trim() ?? level.Name, Permissions ?? level.Permissions,
            Prices is null ? level.Prices : [.. Prices.OrderBy(static price => price.Days)]);
    }

    private string? ProblemOfName() =>
        Name is null ? null
        : string.IsNullOrWhiteSpace(Name) ? "name: is empty"
        : Encoding.UTF8.GetByteCount(Name) > MostNameBytes ? $"name: longer than {MostNameBytes} bytes"
        : ShownText.ProblemOf(Name) is { } problem ? $"name: {problem}" : null;

    private string? ProblemOfPermissions()
    {
        if (Permissions is null)
            return null;
        foreach (var name in Permissions)
        {
            if (name is null || !PermissionNames.TryParse(name, out _))
                return $"permissions: '{name}' is not one of {string.Join(", ", PermissionNames.All)}";
        }
        return Permissions.Distinct().Count() < Permissions.Count ? "permissions: one is named twice" : null;
    }

    private string? ProblemOfPrices(int level)
    {
        if (Prices is null or [])
            return null;
        if (level == 0)
            return "prices: level 0 is what everybody has, and costs nothing";
        if (Prices.Count > MostPrices)
            return $"prices: more than {MostPrices}";
        foreach (var price in Prices)
        {
            if (price?.Days is not (>= 1 and <= VipStatus.MostDays))
                return $"prices: {price?.Days} days are not between 1 and {VipStatus.MostDays}";
            if (price.Price is < 1 or > HighestPrice)
                return $"prices: {price.Price} is not between 1 and {HighestPrice}";
            if (price.Currency != VipPrice.Coins && !(price.Currency?.Length == 3 && price.Currency.All(char.IsAsciiLetterUpper)))
                return $"prices: '{price.Currency}' is neither {VipPrice.Coins} nor the code of a currency, such as EUR";
        }
        return Prices.DistinctBy(static price => price.Days).Count() < Prices.Count ? "prices: two are for the same days" : null;
    }

    private static Failure Bad(string problem) => new(StatusCode.BadParams, problem);
}

/// <summary>The table of all levels, as it stands at one time.</summary>
public sealed class VipLevels
{
    private readonly VipLevel[] _levels;

    /// <param name="levels">In any order; one that is missing grants nothing.</param>
    public VipLevels(IEnumerable<VipLevel> levels)
    {
        _levels = [.. Enumerable.Range(0, VipLevel.Highest + 1).Select(static level => new VipLevel(level, $"level {level}", [], []))];
        foreach (var level in levels)
            _levels[level.Level] = level;
    }

    /// <summary>From level 0 to the highest.</summary>
    public IReadOnlyList<VipLevel> All => _levels;

    public VipLevel this[int level] => _levels[level];

    public VipLevels With(VipLevel changed) => new([.. _levels, changed]);
}
