using System.Text;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Whatever people write about themselves is kept as it is, to the letter.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class ProfileTextTests(ClusterServers servers) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(servers);

    // Each on the way to or from SQL, JSON or a collation might be taken for something else.
    private static readonly string[] Texts =
    [
        "", " ", "Kyiv ", " Kyiv", "kyiv", "'; DROP TABLE users; -- ", "\\", "\\'", "%_", "@p0", "NULL", "a\0b\r\n\t\u001a", "Zoë",
        "Zoe\u0308", "👩‍👩‍👧‍👦🏳️‍🌈", "שלום עולם",
        "𝒳𝓎𝓏", "ﷺ", "\u202Egnp.exe", "\uFEFFx", "\uFFFD\uFFFE",
    ];

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Any_text_is_made_changed_and_read_again()
    {
        var host = await _cluster.StartHostAsync();
        var (made, changed) = (new List<Profile>(), new List<Profile>());
        foreach (var text in Texts)
        {
            made.Add(await host.NewPersonAsync(shape: profile =>
                profile with { Nickname = text, Location = text, DatingLocation = text, Avatars = [text, text] }));
            changed.Add(await host.NewPersonAsync());
            var change = new ProfileChange { Nickname = text, Location = text, DatingLocation = text, Avatars = [text, text] };
            Assert.True((await host.Engine.Accounts.UpdateAsync(changed[^1].Uid, change, host.Now)).IsOk);
        }

        // Another host has it from the shards.
        var other = await _cluster.StartHostAsync();
        for (var i = 0; i < Texts.Length; i++)
        {
            var text = Texts[i];
            foreach (var uid in new[] { made[i].Uid, changed[i].Uid })
            {
                var found = (await other.Engine.Accounts.FindAsync(uid))!.Profile;
                Assert.Equal((text, text, text), (found.Nickname, found.Location, found.DatingLocation));
                Assert.Equal([text, text], found.Avatars);
            }
            // Decks compare the text of a location as it is.
            var me = await other.NewPersonAsync(shape: profile => profile with { DatingLocation = text });
            if (text != "")
                Assert.Equal(new[] { made[i].Uid, changed[i].Uid }.Order(), (await other.DeckAsync(me)).Order());
        }
    }

    [Fact]
    public async Task The_longest_fields_fit()
    {
        var host = await _cluster.StartHostAsync();
        var made = new List<Profile>();
        foreach (var letter in new[] { "a", "\"", "\u0001", "й", "漢", "🦊" })
        {
            made.Add(await host.NewPersonAsync(shape: profile => profile with
            {
                Nickname = Fill(64),
                Location = Fill(64),
                DatingLocation = Fill(64),
                Avatars = [.. Enumerable.Repeat(Fill(512), Profile.MaxAvatars)],
                Birthday = DateOnly.MaxValue,
                Place = new Place(-90, 180),
                VipLevel = 3,
                VipEnd = long.MaxValue,
                MinDistance = 20_038,
                MaxDistance = 20_038,
                MinAge = 120,
                MaxAge = 120,
            }));

            string Fill(int bytes) => string.Concat(Enumerable.Repeat(letter, bytes / Encoding.UTF8.GetByteCount(letter)));
        }
        await AssertReadByAnotherHostAsync(made);
    }

    [Fact]
    public async Task What_was_not_told_stays_untold_and_places_keep_every_digit()
    {
        var host = await _cluster.StartHostAsync();
        var made = new List<Profile> { await host.NewPersonAsync() };
        foreach (var place in new Place[] { new(0.1 + 0.2, -1e-300), new(double.Epsilon, 179.99999999999997), new(-0.0, 0) })
            made.Add(await host.NewPersonAsync(shape: profile => profile with { Place = place }));
        Assert.Null(made[0].Place);
        await AssertReadByAnotherHostAsync(made);
    }

    private async Task AssertReadByAnotherHostAsync(List<Profile> made)
    {
        var other = await _cluster.StartHostAsync();
        foreach (var expected in made)
        {
            var found = (await other.Engine.Accounts.FindAsync(expected.Uid))!.Profile;
            Assert.Equal(expected.Avatars, found.Avatars);
            Assert.Equal(expected, found with { Avatars = expected.Avatars });
        }
    }
}
