namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>How far the creation of a data folder had come when this file was last written.</summary>
internal enum ShardFileState
{
    /// <summary>There is no file, or it doesn't say yet which shard it is.</summary>
    Unfinished,

    /// <summary>It is whole; others may still be missing.</summary>
    Created,

    /// <summary>All files of the folder are whole.</summary>
    InUse,
}
