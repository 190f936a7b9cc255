namespace Swiper.Core.Accounts;

/// <summary>When users were last active: they signed in, asked for a deck or swiped.</summary>
public interface IActivityRepository
{
    /// <summary>
    /// The user is active now. At once in memory, where decks see it; in the store within a minute, at most once an hour. Never waits, and
    /// a user who is not known here yet is not noted.
    /// </summary>
    void Note(long uid);
}
