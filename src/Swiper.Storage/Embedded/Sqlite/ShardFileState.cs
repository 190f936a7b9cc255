namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>How far the creation of a data folder had got when this file was last written.</summary>
internal enum ShardFileState
{
    /// <summary>There is no file, or it doesn't record its shard yet.</summary>
    Unfinished,

    /// <summary>It is complete; others may still be missing.</summary>
    Created,

    /// <summary>All files of the folder are complete.</summary>
    InUse,
}
