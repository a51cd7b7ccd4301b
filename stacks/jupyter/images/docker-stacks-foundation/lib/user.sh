# shellcheck shell=bash
# Makes the container's user what NB_USER, NB_UID, NB_GID, NB_GROUP, CHOWN_HOME, CHOWN_EXTRA and
# GRANT_SUDO ask for. Meant to be sourced, after log.sh.

# What the image itself was built with: the first of its users.
IFS=: read -r image_user image_uid image_gid < <(
    awk -F: '$3 >= 1000 && $3 < 60000 { print $1 ":" $3 ":" $4; exit }' /etc/passwd
)
readonly image_user image_uid image_gid

is_yes() {
    [[ "${1:-}" == 1 || "${1:-}" == yes ]]
}

# Replaces the entry of the image's user by one of the wanted name and numbers. Neither usermod
# nor adduser: they would walk through the home directory, which may be a large volume.
_replace_user() {
    local group=${NB_GROUP:-$NB_USER}
    if ! getent group "$NB_GID" > /dev/null; then
        groupadd --force --gid "$NB_GID" --non-unique "$group"
    fi
    if id -u "$image_user" > /dev/null 2>&1; then
        userdel "$image_user" > /dev/null 2>&1
    fi
    # Group 100 stays: what the image holds belongs to it.
    useradd --no-log-init --no-create-home --home-dir "/home/$NB_USER" --shell /bin/bash \
        --uid "$NB_UID" --gid "$NB_GID" --groups 100 --non-unique "$NB_USER"
    log_info "user is now $NB_USER ($NB_UID:$NB_GID)"
}

# A renamed user gets the files of the old home, unless something is mounted at the new one.
_move_home() {
    local old=/home/$image_user new=/home/$NB_USER
    if [[ "$old" == "$new" ]]; then
        return 0
    fi
    if [[ ! -e "$new" ]]; then
        log_info "copying '$old' to '$new'"
        cp --archive "$old" "$new"
        chown --recursive "$NB_UID:$NB_GID" "$new"
    fi
    if [[ "$PWD/" == "$old/"* ]]; then
        cd "$new${PWD#"$old"}" 2> /dev/null || cd "$new" || return
    fi
}

_change_owners() {
    local home=/home/$NB_USER path
    local -a options
    if is_yes "${CHOWN_HOME:-}"; then
        read -r -a options <<< "${CHOWN_HOME_OPTS:-}"
        log_info "giving '$home' to $NB_UID:$NB_GID ${CHOWN_HOME_OPTS:-}"
        chown "${options[@]}" "$NB_UID:$NB_GID" "$home"
    fi
    read -r -a options <<< "${CHOWN_EXTRA_OPTS:-}"
    for path in ${CHOWN_EXTRA//,/ }; do
        log_info "giving '$path' to $NB_UID:$NB_GID ${CHOWN_EXTRA_OPTS:-}"
        chown "${options[@]}" "$NB_UID:$NB_GID" "$path"
    done
}

# As root: changes user, home and owners, and sets HOME, USER and LOGNAME for the command.
prepare_user() {
    : "${CHOWN_EXTRA:=}"
    if ((NB_UID == 0)); then
        NB_USER=root
        export HOME=/root
    elif [[ "$NB_USER" != "$image_user" ]] || ((NB_UID != image_uid || NB_GID != image_gid)); then
        _replace_user
        _move_home
        chown "$NB_UID:$NB_GID" "/home/$NB_USER"
    fi
    if ((NB_UID != 0)); then
        _change_owners
        if is_yes "${GRANT_SUDO:-}"; then
            log_info "$NB_USER may use sudo without a password"
            printf '%s ALL=(ALL) NOPASSWD:ALL\n' "$NB_USER" > /etc/sudoers.d/granted-at-start
            chmod 0440 /etc/sudoers.d/granted-at-start
        fi
        export HOME=/home/$NB_USER
    fi
    export NB_USER USER=$NB_USER LOGNAME=$NB_USER
}

# Not as root: a uid that passwd does not know gets the name of the image's user, if it may.
name_arbitrary_user() {
    if id --user --name > /dev/null 2>&1; then
        return 0
    fi
    if [[ ! -w /etc/passwd ]]; then
        local uid
        uid="$(id -u)"
        log_warning "uid $uid has no name here: start with group 0 (--user $uid:0) to get one"
        return 0
    fi
    log_info "uid $(id -u) is named $NB_USER"
    local entries
    entries=$(sed "s/^$NB_USER:/image-$NB_USER:/" /etc/passwd)
    printf '%s\n%s:x:%s:%s::%s:/bin/bash\n' \
        "$entries" "$NB_USER" "$(id -u)" "$(id -g)" "$HOME" > /etc/passwd
}

# Not as root: what was asked for and cannot be done is said, not silently dropped.
warn_without_root() {
    local name
    if [[ "$NB_USER" != "$(id --user --name 2> /dev/null)" && "$NB_USER" != "$image_user" ]]; then
        log_warning "NB_USER=$NB_USER needs a container started as root (--user root)"
    fi
    # The image itself sets NB_UID and NB_GID: only other values were asked for by someone.
    if ((NB_UID != $(id -u) && NB_UID != image_uid)); then
        log_warning "NB_UID=$NB_UID needs a container started as root (--user root)"
    fi
    if ((NB_GID != $(id -g) && NB_GID != image_gid)); then
        log_warning "NB_GID=$NB_GID needs a container started as root (--user root)"
    fi
    for name in CHOWN_HOME CHOWN_EXTRA GRANT_SUDO; do
        if [[ -n "${!name:-}" ]]; then
            log_warning "$name needs a container started as root (--user root)"
        fi
    done
    if [[ ! -w "$HOME" ]]; then
        log_warning "'$HOME' cannot be written: try to start with --group-add 100"
    fi
}
