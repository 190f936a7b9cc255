using System.Net;
using Swiper.Client;
using Swiper.Local.Hosts;

namespace Swiper.Tools.Demo;

/// <summary>All signed-in users of a demo.</summary>
internal sealed class People : IAsyncDisposable
{
    // Enough to keep the host busy, few enough that no one waits long.
    private const int AtOnce = 32;

    private readonly Person[] _people;

    private People(int count) => _people = new Person[count];

    public IReadOnlyList<Person> All => _people;

    public IEnumerable<Person> Of(Sex sex) => _people.Where(person => person.Sex == sex);

    /// <param name="newcomers">The users, in the order of <see cref="All"/>.</param>
    /// <param name="server">The host's address.</param>
    /// <param name="outbox">Holds their login codes.</param>
    /// <param name="tally">Receives their counts.</param>
    /// <param name="cancellation">Stops signing in.</param>
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

/// <summary>A user who has not signed in yet.</summary>
/// <param name="Phone">Has the unassigned country code 999, so that no message can reach a real phone.</param>
/// <param name="Profile">The initial profile.</param>
internal sealed record Newcomer(string Phone, ProfileChange Profile)
{
    public static string PhoneNumber(long number) => $"+999{number:D12}";
}
