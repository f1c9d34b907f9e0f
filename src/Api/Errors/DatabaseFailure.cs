using System.Data.Common;

namespace AiGateway.Api.Errors;

/// <summary>Finds the database's own failure in an exception.</summary>
internal static class DatabaseFailure
{
    /// <summary>
    /// Null when there is none. The whole chain is searched: a driver's exception may be wrapped, and may wrap a socket's.
    /// </summary>
    public static DbException? In(Exception? failure)
    {
        while (failure is not (null or DbException)) failure = failure.InnerException;
        return failure as DbException;
    }

    /// <summary>The driver's message, in one line.</summary>
    public static string Tell(DbException failure) =>
        string.Join(' ', failure.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
