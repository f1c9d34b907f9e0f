using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class UsageRecordMapping : IEntityTypeConfiguration<UsageRecord>
{
    public void Configure(EntityTypeBuilder<UsageRecord> builder)
    {
        builder.ToTable("usage_records");
        builder.HasKey(record => record.Id).HasName("pk_usage_records");
        MapColumns(builder);

        // A settlement changes no column of either index. Few records have equal times, so sorting them needs no index.
        builder.HasIndex(record => new { record.UserId, record.CreatedAt }).HasDatabaseName("ix_usage_records_user_id_created_at");
        builder.HasIndex(record => record.CreatedAt).HasDatabaseName("ix_usage_records_created_at");

        // Records of callers without a team are not in it.
        builder.HasIndex(record => new { record.ChargeSet, record.CreatedAt }).HasDatabaseName("ix_usage_records_charge_set_created_at")
            .HasFilter("charge_set IS NOT NULL");

        // It contains only held rows, so it stays small however many records exist.
        builder.HasIndex(record => record.LeaseExpiresAt).HasDatabaseName("ix_usage_records_held_lease_expires_at")
            .HasFilter("status = 0");
        builder.HasOne(record => record.User).WithMany().HasForeignKey(record => record.UserId)
            .HasConstraintName("fk_usage_records_users").OnDelete(DeleteBehavior.Restrict);
        builder.HasOne(record => record.ApiKey).WithMany().HasForeignKey(record => record.ApiKeyId)
            .HasConstraintName("fk_usage_records_api_keys").OnDelete(DeleteBehavior.Restrict);
    }

    private static void MapColumns(EntityTypeBuilder<UsageRecord> builder)
    {
        builder.Property(record => record.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(record => record.UserId).HasColumnName("user_id");
        builder.Property(record => record.ApiKeyId).HasColumnName("api_key_id");
        builder.Property(record => record.CreatedAt).HasColumnName("created_at");
        builder.Property(record => record.Day).HasColumnName("day");
        builder.Property(record => record.Month).HasColumnName("month");
        builder.Property(record => record.Operation).HasColumnName("operation");
        builder.Property(record => record.RequestedModel).HasColumnName("requested_model").HasMaxLength(StoredText.NameLength);
        builder.Property(record => record.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(record => record.Provider).HasColumnName("provider").HasMaxLength(StoredText.NameLength);
        builder.Property(record => record.Streamed).HasColumnName("streamed");
        builder.Property(record => record.EndUser).HasColumnName("end_user").HasMaxLength(StoredText.NameLength);
        builder.Property(record => record.Status).HasColumnName("status");
        builder.Property(record => record.UsageSource).HasColumnName("usage_source");
        builder.Property(record => record.PromptTokens).HasColumnName("prompt_tokens");
        builder.Property(record => record.CompletionTokens).HasColumnName("completion_tokens");
        builder.Property(record => record.CachedPromptTokens).HasColumnName("cached_prompt_tokens");
        builder.Property(record => record.CacheWriteTokens).HasColumnName("cache_write_tokens");
        builder.Property(record => record.ReasoningTokens).HasColumnName("reasoning_tokens");
        builder.Property(record => record.HeldNanoUsd).HasColumnName("held_nano_usd");
        builder.Property(record => record.HeldTokens).HasColumnName("held_tokens");
        builder.Property(record => record.ChargeSet).HasColumnName("charge_set");
        builder.Property(record => record.CostNanoUsd).HasColumnName("cost_nano_usd");
        builder.Property(record => record.AboveHold).HasColumnName("above_hold").HasDefaultValue(false);
        builder.Property(record => record.Attempts).HasColumnName("attempts").HasConversion(StoredAttempts.Converter, StoredAttempts.Comparer);
        builder.Property(record => record.PriceVersion).HasColumnName("price_version").HasMaxLength(StoredText.NameLength);
        builder.Property(record => record.ErrorCode).HasColumnName("error_code").HasMaxLength(StoredText.ErrorCodeLength);
        builder.Property(record => record.LatencyMs).HasColumnName("latency_ms");
        builder.Property(record => record.TimeToFirstTokenMs).HasColumnName("time_to_first_token_ms");
        builder.Property(record => record.LeaseExpiresAt).HasColumnName("lease_expires_at");
    }
}
