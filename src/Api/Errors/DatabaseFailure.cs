using System.Data.Common;

namespace AiGateway.Api.Errors;

/// <summary>Finds the database's own failure in an exception.</summary>
internal static class DatabaseFailure
{
    /// <summary>Null when it is another one. Anywhere in the chain: below a driver's exception may stand that of a socket.</summary>
    public static DbException? In(Exception? failure)
    {
        while (failure is not (null or DbException)) failure = failure.InnerException;
        return failure as DbException;
    }

    /// <summary>What the driver says, in one line.</summary>
    public static string Tell(DbException failure) =>
        string.Join(' ', failure.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
