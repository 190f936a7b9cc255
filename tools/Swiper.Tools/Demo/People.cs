using System.Net;
using Swiper.Core.Accounts;
using Swiper.Local.Hosts;

namespace Swiper.Tools.Demo;

/// <summary>Everybody of a demo, signed in.</summary>
internal sealed class People : IAsyncDisposable
{
    // Enough to keep the host busy, little enough that nobody waits long for their turn.
    private const int AtOnce = 32;

    private readonly Person[] _people;

    private People(int count) => _people = new Person[count];

    public IReadOnlyList<Person> All => _people;

    public IEnumerable<Person> Of(Sex sex) => _people.Where(person => person.Sex == sex);

    /// <param name="newcomers">In the order that <see cref="All"/> has then.</param>
    /// <param name="server">Where they connect.</param>
    /// <param name="outbox">Where they read their codes.</param>
    /// <param name="tally">What they count in.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<People> SignInAsync(
        IReadOnlyList<Newcomer> newcomers, IPEndPoint server, SmsOutbox outbox, Tally tally, CancellationToken cancellation)
    {
        var people = new People(newcomers.Count);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel.ForAsync(0, newcomers.Count, options, async (index, stop) =>
                people._people[index] =
                    await Person.SignInAsync(server, outbox, newcomers[index].Phone, newcomers[index].Profile, tally, stop));
            return people;
        }
        catch
        {
            await people.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
        {
            if (person is not null)
                await person.DisposeAsync();
        }
    }
}

/// <summary>Somebody who has not signed in yet.</summary>
/// <param name="Phone">Of the country code 999, which no country has: no message can ever reach anybody.</param>
/// <param name="Profile">What they tell first.</param>
internal sealed record Newcomer(string Phone, ProfileChange Profile)
{
    public static string PhoneNumber(long number) => $"+999{number:D12}";
}
