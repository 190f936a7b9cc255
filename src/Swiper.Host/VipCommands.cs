using System.CommandLine;
using System.Globalization;
using Swiper.Core.Vip;
using Swiper.Host.Web;

namespace Swiper.Host;

/// <summary>`vip`: who has which VIP level, and what the levels are, on a running host.</summary>
internal static class VipCommands
{
    private const string None = "none";

    public static Command Create()
    {
        var vip = new OperationsCommand("vip", "Shows and changes VIP levels on a running host. All hosts of a cluster hear of it.");
        AddLevels(vip);
        AddSet(vip);
        AddGrant(vip);
        AddRevoke(vip);
        AddShow(vip);
        return vip;
    }

    private static void AddLevels(OperationsCommand vip) =>
        vip.With(new Command("levels", "prints the table of levels"), static async (_, host, cancellation) =>
        {
            foreach (var level in await host.GetAsync<VipLevel[]>("vip/levels", cancellation))
                Print(level);
        });

    private static void AddSet(OperationsCommand vip)
    {
        var level = new Argument<int>("LEVEL") { Description = "0 (everybody) to 3" }.AnyNumber();
        var name = new Option<string?>("--name") { Description = "what it is called", HelpName = "NAME" };
        var permissions = new Option<string?>("--permissions")
        {
            Description = $"all that it grants, separated by commas, or {None}: {string.Join(", ", PermissionNames.All)}",
            HelpName = "A,B",
        };
        var prices = new Option<string[]>("--price")
        {
            Description = $"all that it can be bought for, an option each, or {None}; in {VipPrice.Coins} if no currency is named",
            HelpName = "DAYS:PRICE[:CURRENCY]",
        };
        prices.Validators.Add(static result =>
        {
            var texts = result.Tokens.Select(static token => token.Value).ToArray();
            if (texts is not [None])
            {
                foreach (var text in texts.Where(static text => ReadPrice(text) is null))
                    result.AddError($"--price {text}: expected DAYS:PRICE or DAYS:PRICE:CURRENCY");
            }
        });
        var command = new Command("set", "changes a level for everybody; what no option names stays as it is")
        {
            level, name, permissions, prices,
        };
        vip.With(command, async (parsed, host, cancellation) =>
        {
            var change = new VipLevelChange(parsed.GetValue(name), Names(parsed.GetValue(permissions)), Prices(parsed.GetValue(prices)));
            var route = string.Create(CultureInfo.InvariantCulture, $"vip/levels/{parsed.GetValue(level)}");
            Print(await host.PatchAsync<VipLevelChange, VipLevel>(route, change, cancellation));
        });
    }

    private static void AddGrant(OperationsCommand vip)
    {
        var uid = Uid();
        var level = new Argument<int>("LEVEL") { Description = "1 to 3" }.AnyNumber();
        var days = new Argument<int>("DAYS") { Description = $"1 to {VipStatus.MostDays}" }.AnyNumber();
        var command = new Command(
            "grant", "grants days of a level: added to what is left of the same level, in place of what is left of a lower one")
        {
            uid, level, days,
        };
        vip.With(command, async (parsed, host, cancellation) => Print(await host.PostAsync<VipGrant, VipOfUser>(
            RouteOf(parsed.GetValue(uid), "/grant"), new VipGrant(parsed.GetValue(level), parsed.GetValue(days)), cancellation)));
    }

    private static void AddRevoke(OperationsCommand vip)
    {
        var uid = Uid();
        vip.With(new Command("revoke", "ends a user's level now") { uid }, async (parsed, host, cancellation) =>
            Print(await host.PostAsync<object, VipOfUser>(RouteOf(parsed.GetValue(uid), "/revoke"), new object(), cancellation)));
    }

    private static void AddShow(OperationsCommand vip)
    {
        var uid = Uid();
        vip.With(new Command("show", "prints a user's level") { uid }, async (parsed, host, cancellation) =>
            Print(await host.GetAsync<VipOfUser>(RouteOf(parsed.GetValue(uid)), cancellation)));
    }

    private static Argument<long> Uid() => new Argument<long>("UID") { Description = "the user" }.AnyNumber();

    private static string RouteOf(long uid, string operation = "") =>
        string.Create(CultureInfo.InvariantCulture, $"vip/users/{uid}{operation}");

    private static string[]? Names(string? list) => list switch
    {
        null => null,
        None => [],
        _ => list.Split(',', StringSplitOptions.TrimEntries),
    };

    private static VipPrice[]? Prices(string[]? texts) => texts switch
    {
        null or [] => null,
        [None] => [],
        _ => [.. texts.Select(static text => ReadPrice(text)!)],
    };

    private static VipPrice? ReadPrice(string text) =>
        text.Split(':') is [var days, var price, .. var currency] && currency.Length <= 1
        && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var forDays)
        && long.TryParse(price, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            ? new VipPrice(forDays, amount, currency is [var named] ? named : VipPrice.Coins)
            : null;

    private static void Print(VipLevel level)
    {
        var permissions = level.Permissions.Count == 0 ? "no permissions" : string.Join(", ", level.Permissions);
        var prices = level.Prices.Count == 0 ? "not for sale" : string.Join(", ", level.Prices.Select(static price =>
            string.Create(CultureInfo.InvariantCulture, $"{price.Days} days {price.Price} {price.Currency}")));
        Console.WriteLine($"{level.Level} {level.Name}: {permissions}; {prices}");
    }

    private static void Print(VipOfUser user)
    {
        var until = user.Level == 0 ? "" : $" until {DateTimeOffset.FromUnixTimeMilliseconds(user.Ends):yyyy-MM-dd HH:mm:ss} UTC";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"user {user.Uid}: level {user.Level} ({user.Name}){until}"));
    }
}
