"""`python -m sopbot`: the command line."""

from sopbot.cli.main import main

if __name__ == "__main__":
    main()
