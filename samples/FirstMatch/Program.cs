using System.Text.Json.Nodes;
using Swiper.Client;

// FirstMatch [data folder of the host] [port]
var outbox = Path.Combine(args.ElementAtOrDefault(0) ?? "data", "outbox", "sms.jsonl");
var options = new SwiperClientOptions { Port = int.Parse(args.ElementAtOrDefault(1) ?? "7400"), UseTls = false };

await using var ann = await SignInAsync("Ann", Sex.Female, lookingFor: Sex.Male);
await using var bob = await SignInAsync("Bob", Sex.Male, lookingFor: Sex.Female);

await LikeAsync("Ann", ann, bob.Uid!.Value);
await LikeAsync("Bob", bob, ann.Uid!.Value);

await ShowMatchAsync("Ann", ann);
await ShowMatchAsync("Bob", bob);

async Task<SwiperClient> SignInAsync(string name, Sex sex, Sex lookingFor)
{
    var client = await SwiperClient.ConnectAsync(options);
    var phone = $"+1555{Random.Shared.Next(100_000_000):D8}";
    await client.RequestCodeAsync(phone);
    var login = await client.LogInAsync(phone, NewestCode(phone));
    await client.UpdateProfileAsync(new ProfileChange
    {
        Nickname = name, Sex = sex, DatingSex = lookingFor, Birthday = new DateOnly(1999, 4, 1), Lat = 52.52, Lon = 13.405,
    });
    Console.WriteLine($"{name} is user {login.Uid}");
    return client;
}

async Task LikeAsync(string name, SwiperClient client, long other)
{
    var deck = await client.DeckAsync();
    Console.WriteLine(
        $"{name} sees {string.Join(", ", deck.People.Select(person => $"{person.Nickname} ({person.Age}, {person.Km} km)"))}");
    var swipe = await client.SwipeAsync(other, SwipeKind.Like);
    Console.WriteLine(swipe.Matched ? $"{name} swipes right: a match" : $"{name} swipes right");
}

async Task ShowMatchAsync(string name, SwiperClient client)
{
    await foreach (var push in client.Pushes)
    {
        if (push is not SwiperPush.Matched match)
            continue;
        var friend = await client.ProfileAsync(match.Uid);
        Console.WriteLine($"{name} got the push: matched with {friend.Nickname} at {match.At:HH:mm:ss}");
        return;
    }
}

// A host in Development writes text messages to a file, one JSON object per line.
string NewestCode(string phone) => File.ReadLines(outbox)
    .Select(line => JsonNode.Parse(line)!)
    .Last(message => (string?)message["phone"] == phone)["text"]!.ToString()[..6];
