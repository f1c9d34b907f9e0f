using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasKey(user => user.Id).HasName("pk_users");
        builder.Property(user => user.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(user => user.Name).HasColumnName("name").HasMaxLength(StoredText.NameLength);
        builder.Property(user => user.ExternalId).HasColumnName("external_id").HasMaxLength(StoredText.ExternalIdLength);
        builder.Property(user => user.Disabled).HasColumnName("disabled");
        builder.Property(user => user.CreatedAt).HasColumnName("created_at");
        builder.Property(user => user.TeamId).HasColumnName("team_id");
        builder.HasOne<Scope>().WithMany().HasForeignKey(user => user.TeamId)
            .HasConstraintName("fk_users_scopes").OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(user => user.TeamId).HasDatabaseName("ix_users_team_id").HasFilter("team_id IS NOT NULL");
        builder.HasIndex(user => user.ExternalId).HasDatabaseName("ux_users_external_id")
            .IsUnique().HasFilter("external_id IS NOT NULL");
        builder.HasIndex(user => new { user.CreatedAt, user.Id }).HasDatabaseName("ix_users_created_at_id");
    }
}
